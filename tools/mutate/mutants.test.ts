import { expect, test } from 'vitest';
import { mutantsOf } from './mutants.ts';

/** A source, and the sources that come of it. */
const CASES: [source: string, mutated: string[]][] = [
  ['const a = b === c;', ['const a = b !== c;']],
  ['const a = b ?? c;', ['const a = b;']],
  ['const a: 3 = x as 4;', []],
  ['if (!a) throw new Error("1 of them" + 2);', ['if (true) throw', 'if (false) throw', 'if (a) throw', 'if (!a) ;']],
  ['const f = (x) => x.y;', ['const f = (x) => (undefined as never);']],
  ["await g('word', 'some words', '', 7, true);", [';', "await g('',", "'mutant', 7", ', 8, true', '7, false)']],
];

test.each(CASES)('%s', (source, mutated) => {
  const found = mutantsOf(source).map(({ start, end, by }) => source.slice(0, start) + by + source.slice(end));
  expect(found).toHaveLength(mutated.length);
  for (const part of mutated) expect(found.some((one) => one.includes(part))).toBe(true);
});
