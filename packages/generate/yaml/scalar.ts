/** What stands for itself, in YAML 1.1 and 1.2 alike. */
const PLAIN = /^(?:--?)?[A-Za-z/][\w./@+=-]*(?: [\w./@+=-]+)*$/;
/** Words that some reader of YAML takes for something else than text. */
const WORDS = /^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
/** Text of several lines that a block can hold as it is: what is printed, no tabs, and none of it at the edges. */
const BLOCK = /^[\x21-\x7E][\x20-\x7E]*(\n[\x20-\x7E]*)*\n$/;

/** Text as a scalar that every reader takes for exactly this text. A block's lines are still to be indented. */
export function scalar(text: string): { line: string } | { block: readonly string[] } {
  if (BLOCK.test(text) && !text.endsWith('\n\n') && !/[^\S\n]\n/.test(text)) {
    return { block: text.slice(0, -1).split('\n') };
  }
  return { line: PLAIN.test(text) && !WORDS.test(text) ? text : doubleQuoted(text) };
}

/** As JSON has it, and with escapes for whatever is not to be seen: readers of YAML refuse or change such characters. */
export function doubleQuoted(text: string): string {
  return `"${text.replace(SPECIAL, escaped)}"`;
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const SPECIAL =
  /[\\"\u0000-\u001F\u007F-\u00A0\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uD800-\uDFFF\uFEFF\uFFFE\uFFFF]/gu;

function escaped(char: string): string {
  if (char === '\\' || char === '"') return `\\${char}`;
  if (char === '\n') return '\\n';
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
