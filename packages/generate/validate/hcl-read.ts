/** HCL as JSON: blocks as lists by type and labels; strings as templates, in which `${…}` is code and `$${` is text. */
export type HclJson = Readonly<Record<string, unknown>>;

export type Parsed = { readonly ok: true; readonly module: HclJson } | { readonly ok: false; readonly why: string };

/** Reads HCL by HashiCorp's own parser. It is WebAssembly of some megabytes: loaded when first used. */
export async function readHcl(code: string): Promise<Parsed> {
  const { parse } = await import('@cdktf/hcl2json');
  try {
    return { ok: true, module: (await parse('main.tf', code)) as HclJson }; // the parser gives an object for every file
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** The code in a string: what stands between `${` and its brace. */
export function codeIn(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('$${', at) || text.startsWith('%%{', at)) {
      at += 2;
      continue;
    }
    if (!text.startsWith('${', at) && !text.startsWith('%{', at)) continue;
    const end = closing(text, at + 2);
    found.push(text.slice(at + 2, end));
    at = end;
  }
  return found;
}

/** Where the brace stands that closes an expression: not one of a string in it, nor of an object. */
function closing(text: string, from: number): number {
  let depth = 1;
  let isString = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (isString) {
      if (char === '\\') at += 1;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** The text that a string without code stands for; undefined for one with code. */
export function textOf(value: string): string | undefined {
  return codeIn(value).length > 0 ? undefined : value.replaceAll(/([$%])\1\{/g, '$1{');
}

/** All strings of a value, wherever they stand in it. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** What code refers to: `var.x` and `type.label`. Texts in it refer to nothing. */
export function referencesIn(code: string): string[] {
  const bare = code.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return [...bare.matchAll(/(?<![\w.])(?:var|local|proxmox_\w+)\.[A-Za-z_]\w*/g)].map(([name]) => name);
}
