/**
 * Text as a quoted string of HCL that means exactly this text. What could begin an interpolation, and whatever is not
 * to be seen, becomes an escape: the scanner looks for `${` before it reads escapes, so `\u0024{` never is one.
 */
export function quoted(text: string): string {
  return `"${text.replace(SPECIAL, escaped)}"`;
}

// Control characters, marks that turn the direction of text, separators of lines, and what HCL gives a meaning.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const SPECIAL = /[\\"\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]|[$%](?=\{)/g;

function escaped(char: string): string {
  if (char === '\\' || char === '"') return `\\${char}`;
  if (char === '\n') return '\\n';
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Whether text of several lines can stand in a heredoc as it is: nothing in it would be read as anything but text. */
export function isPlain(text: string): boolean {
  return /^[\x20-\x7E\n]*$/.test(text) && text.endsWith('\n') && !/[$%]\{/.test(text) && !/^\s*EOT\s*$/m.test(text);
}

/** Text as what stands after the mark of a comment: one line, of what can be seen. */
export function commentLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  return text
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]+/g, ' ')
    .trim();
}
