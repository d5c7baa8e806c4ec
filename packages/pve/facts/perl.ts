/**
 * The habits of Perl that show in what Proxmox accepts: `$` also matches before a final newline, `\d` and `\w` match
 * digits and letters of any script, a text is a number as far as it begins like one.
 */

const END = '(?=\\n?(?![^]))';
const CLASSES: Record<string, string> = {
  d: '\\p{Nd}',
  w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}',
  s: '\\t-\\r\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000',
};

/** One escape of a Perl pattern in a form that JavaScript's `u` mode takes. */
function escapeOf(char: string, inClass: boolean): string {
  const set = CLASSES[char.toLowerCase()];
  if (set !== undefined) {
    if (char !== char.toLowerCase()) return inClass ? `\\${char}` : `[^${set}]`;
    return inClass ? set : `[${set}]`;
  }
  if (/[A-Za-z0-9]/.test(char)) return `\\${char}`;
  return /[\^$\\.*+?()[\]{}|/-]/.test(char) && (inClass || char !== '-') ? `\\${char}` : char;
}

/**
 * Image references of OCI say `(SEPARATOR|[-]*)[a-z]+` many times over, which may split a word in countless ways; a
 * hyphen at least each time means the same.
 */
function unambiguous(pattern: string): string {
  return pattern.replaceAll('|[-]*)[a-z', '|[-]+)[a-z');
}

function translate(given: string): string {
  const pattern = unambiguous(given);
  let out = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (char === '\\') out += escapeOf(pattern.charAt(++i), inClass);
    else if (inClass) {
      // A hyphen that stands for itself before an escape: JavaScript would see a broken range.
      out += char === '-' && /^-(?:\\[dws]|\])/.test(pattern.slice(i)) ? '\\-' : char === '[' ? '\\[' : char;
      inClass = char !== ']';
    } else if (char === '[') {
      inClass = true;
      out += '[';
      // A `]` or `-` that opens a class stands for itself.
      const first = /^\^?[\]-]/.exec(pattern.slice(i + 1))?.[0];
      if (first !== undefined) {
        out += first.replace(/[\]-]$/, '\\$&');
        i += first.length;
      }
    } else if (char === '.') out += '[^\\n]';
    else if (char === '$') out += END;
    else out += pattern.startsWith('{,', i) ? '{0' : char;
  }
  return out;
}

const compiled = new Map<string, RegExp>();

/** A Perl pattern as a regular expression; `flags` may hold `i`. */
export function perlPattern(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  let known = compiled.get(key);
  if (!known) compiled.set(key, (known = new RegExp(translate(pattern), `${flags}u`)));
  return known;
}

/** Whether `m/^PATTERN$/` holds: put together as text, so an alternation in the pattern binds loosely. */
export function perlMatches(pattern: string, value: string, flags = ''): boolean {
  return perlPattern(`^${pattern}$`, flags).test(value);
}

/** The number that Perl makes of a text: what it begins with, else 0. */
export function perlNumber(text: string): number {
  const number = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(text)?.[0];
  return number === undefined ? 0 : Number(number);
}

/** How Perl writes a number that came in JSON: integers whole, others with 15 significant digits (`%.15g`). */
export function perlText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const [mantissa = '', exponent = '0'] = value.toExponential(14).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 15) return String(Number(value.toPrecision(15)));
  const digits = mantissa.replace(/\.?0+$/, '');
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** False, as Perl sees it: absent, empty, or 0. */
export function isPerlFalse(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '0' || value === 0 || value === false;
}

export function looksLikeNumber(text: string): boolean {
  return perlMatches('[+-]?(\\d+\\.\\d+|\\d+\\.|\\.\\d+|\\d+)([eE][+-]?\\d+)?', text);
}

export function looksLikeInteger(text: string): boolean {
  return perlMatches('[+-]?\\d+', text);
}

/** PVE::Tools::split_list: by comma, semicolon, white space or NUL; by NUL alone where there is one. */
export function splitList(text: string): string[] {
  if (text.includes('\0')) return dropTrailingEmpty(text.split('\0'));
  const parts = text
    .replace(/[,;]/g, ' ')
    .replace(perlPattern('^\\s+'), '')
    .split(/[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/u);
  return dropTrailingEmpty(parts);
}

/** Perl's split: empty parts at the end are dropped. */
function dropTrailingEmpty(parts: string[]): string[] {
  let end = parts.length;
  while (end > 0 && parts[end - 1] === '') end--;
  return parts.slice(0, end);
}

/** `split(/,/, text)`. */
export function splitAt(separator: string, text: string): string[] {
  return dropTrailingEmpty(text.split(separator));
}
