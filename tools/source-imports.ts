import { parseSync, Visitor } from 'rolldown/utils';

/**
 * One mention of a module in a source file. `typeOnly`: nothing of it is left when types are stripped. `specifier` is
 * empty where it is computed when the program runs.
 */
export interface Import {
  specifier: string;
  offset: number;
  typeOnly: boolean;
}

/**
 * Every module that a TypeScript source names: imports, re-exports, `import()` and `import('…').Type`.
 * Throws on a source that does not parse.
 */
export function importsOf(source: string, fileName: string): Import[] {
  const parsed = parseSync(fileName, source, { lang: /\.[jt]sx$/.test(fileName) ? 'tsx' : 'ts' });
  const first = parsed.errors[0];
  if (first !== undefined) throw new Error(`${fileName} does not parse: ${first.message}`);
  const found: Import[] = [];
  for (const { moduleRequest, entries } of parsed.module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    found.push({ specifier: moduleRequest.value, offset: moduleRequest.start, typeOnly });
  }
  for (const { entries } of parsed.module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest !== null)
        found.push({ specifier: moduleRequest.value, offset: moduleRequest.start, typeOnly: isType });
    }
  }
  if (/\bimport\s*\(/.test(source)) found.push(...inlineImports(parsed.program));
  return found;
}

function inlineImports(program: ReturnType<typeof parseSync>['program']): Import[] {
  const found: Import[] = [];
  new Visitor({
    ImportExpression(node) {
      const named = node.source.type === 'Literal' && typeof node.source.value === 'string' ? node.source.value : '';
      found.push({ specifier: named, offset: node.start, typeOnly: false });
    },
    TSImportType(node) {
      found.push({ specifier: node.source.value, offset: node.start, typeOnly: true });
    },
  }).visit(program);
  return found;
}
