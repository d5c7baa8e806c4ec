import fc from 'fast-check';

/** What means something to one of the languages, or to none and is not to be seen. */
const PIECES = [
  '${', '$${', '%{', '%%{', '}', '${var.secret}', '%{ if true }', '"', '\\', '\\"', '\n', '\r\n', '\r', '\t', 'EOT', '\nEOT\n', '<<EOT',
  '#', '# ', '//', '/*', '*/', '{{', '}}', '{{ lookup("env", "HOME") }}', '{%', '%}', '{#', '!!python/object:os.system', '!unsafe ', '&a ', '*a', '<<: *a',
  '- ', ': ', '? ', '| ', '>-', '---', '\n---\n', '...', '@', '`', '~', 'yes', 'no', 'null', 'on', '0x1F', '1e3', '012', '1:30', '2024-01-01', '.inf', '=',
  '\u0000', '\u0007', '\u007f', '\u0085', '\u00a0', '\u2028', '\u2029', '\u202e', '\ufeff', 'e\u0301', 'ß', '日本', '😀', '\ud800', ' ', '  ', "'", '[', ']', '{', ',', '$', '%', 'x',
]; // prettier-ignore

/** Texts as the worst of people, and of clusters, would write them. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** What a specification makes of text: HCL reads all of it in Unicode's composed form. */
export const kept = (text: string): string => text.toWellFormed().normalize('NFC');
