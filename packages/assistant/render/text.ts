import { displayWidth } from './width.ts';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

// Controls, the marks that turn the direction of writing, and line separators: with these a guest's name or a task's
// log could move the cursor, recolour or reorder what a person reads.
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function visibleEscape(char: string): string {
  const code = char.charCodeAt(0);
  const hex = code.toString(16);
  return NAMED[char] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
}

/** One line of text from outside (cluster, request) with everything that a terminal would act on shown as an escape. */
export function harmless(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.toWellFormed().replace(HARMFUL, visibleEscape);
}

/** As `harmless`, for texts of several lines: line breaks stay. */
export function harmlessLines(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(/\n+$/, '').split('\n').map(harmless).join('\n');
}

/** JSON text in which no character is left that a terminal would act on; it parses to the same value. */
export function harmlessJson(json: string): string {
  return json.replace(HARMFUL, (char) =>
    char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Cuts a text to `width` columns, with … where something is missing. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  if (PRINTABLE_ASCII.test(text)) return `${text.slice(0, width - 1)}…`;
  // Made here, since making it takes longer than most answers need.
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = used + displayWidth(segment);
    if (next > width - 1) break;
    kept += segment;
    used = next;
  }
  return `${kept}…`;
}

/** Fills a text up to `width` columns; longer ones are left as they are. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Exactly `width` columns: filled up, or cut. */
export function fitText(text: string, width: number, align: 'left' | 'right'): string {
  const excess = displayWidth(text) - width;
  if (excess > 0) return pad(shorten(text, width), width, align);
  if (excess === 0) return text;
  const space = ' '.repeat(-excess);
  return align === 'left' ? text + space : space + text;
}

/** Breaks a text into lines of at most `width` columns at spaces; words longer than a line are kept whole. */
export function wrap(text: string, width: number | undefined, indent = ''): string {
  if (width === undefined) return text;
  return text
    .split('\n')
    .map((line) => wrapLine(line, Math.max(20, width), indent))
    .join('\n');
}

function wrapLine(line: string, width: number, indent: string): string {
  if (displayWidth(line) <= width) return line;
  const lead = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = lead;
  for (const word of line.slice(lead.length).split(' ')) {
    const candidate = current.trim() === '' ? current + word : `${current} ${word}`;
    if (current.trim() !== '' && displayWidth(candidate) > width) {
      lines.push(current);
      current = indent + word;
    } else {
      current = candidate;
    }
  }
  return [...lines, current].join('\n');
}

/** `1 guest`, `2 guests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
