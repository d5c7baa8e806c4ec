import { isDeepStrictEqual } from 'node:util';

/** What a check came to: nothing where got and wanted are the same. */
export interface Difference {
  got: unknown;
  wanted: unknown;
}

/** Texts end before the source line that Perl names where something dies without a newline. */
function plainText(text: string): string {
  return text.replace(/ at \S+ line \d+\.\n*$/, '');
}

function sorted(text: string): string {
  return text.split('\n').sort().join('\n');
}

/** A value with its texts in the form in which they are compared. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Two values, source lines in texts left aside. */
export function compare(got: unknown, wanted: unknown): Difference | undefined {
  return isDeepStrictEqual(plain(got), plain(wanted)) ? undefined : { got, wanted };
}

/** Two texts whose lines come in no fixed order. */
export function compareLines(got: string, wanted: string): Difference | undefined {
  return sorted(got) === sorted(wanted) ? undefined : { got, wanted };
}

/** Field → text of two answers; the fields of `unordered` as sets of lines. */
export function compareErrors(
  got: Record<string, string>,
  wanted: Record<string, string>,
  unordered: readonly string[] = [],
): Difference | undefined {
  const lines = (errors: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(errors).map(([field, text]) => [field, unordered.includes(field) ? sorted(text) : text]),
    );
  return compare(lines(got), lines(wanted)) && { got, wanted };
}
