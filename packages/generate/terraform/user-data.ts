import { code, type Lines } from '../hcl/nodes.ts';
import type { Guest } from '../specification.ts';

/**
 * User data with an expression where its keys stand. The mark that is replaced is in no text of the guest, so that no text
 * can become an expression.
 */
export function userDataLines(guest: Guest, print: (keys: string) => string, expression: string): Lines {
  const known = JSON.stringify(guest);
  let mark = 'PXA_KEYS';
  for (let n = 0; known.includes(mark); n += 1) mark = `PXA_KEYS_${n}`;
  const parts = print(mark).split(mark);
  return { lines: parts.flatMap((part, at) => (at === 0 ? [part] : [code(expression), part])) };
}
