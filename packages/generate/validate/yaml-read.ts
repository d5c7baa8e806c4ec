import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

export type ParsedYaml =
  | { readonly ok: true; readonly documents: readonly unknown[]; readonly unsafe: ReadonlySet<string> }
  | { readonly ok: false; readonly why: string };

/** Reads YAML back; `unsafe` are the texts that Ansible is told not to read as templates. */
export function readYaml(code: string): ParsedYaml {
  const unsafe = new Set<string>();
  const tag = { tag: '!unsafe', resolve: (text: string) => text };
  const documents = parseAllDocuments(code, { version: '1.2', uniqueKeys: true, customTags: [tag] });
  const parsed = Array.isArray(documents) ? documents : [];
  const problems = parsed.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  const [problem] = problems;
  if (problem !== undefined) return { ok: false, why: problem.message };
  const visit = (node: unknown): void => {
    if (isScalar(node) && node.tag === '!unsafe') unsafe.add(String(node.value));
    if (isSeq(node)) node.items.forEach(visit);
    if (isMap(node)) node.items.forEach(({ value }) => visit(value));
  };
  for (const { contents } of parsed) visit(contents);
  return { ok: true, documents: parsed.map((each): unknown => each.toJS()), unsafe };
}
