import type { Out } from '../io.ts';

/** What a key means to the pager. */
export type PagerKey = 'page' | 'line' | 'stop';

const CLEAR_LINE = '\r\u001b[K';

/**
 * Writes a text page by page, asking for a key between pages: space for a page, Enter for a line, q to stop. Texts
 * that fit the screen are simply written.
 */
export async function page(text: string, out: Out, nextKey: (() => Promise<PagerKey>) | undefined): Promise<void> {
  const lines = text.split('\n');
  const rows = out.rows ?? 0;
  if (nextKey === undefined || rows < 5 || lines.length < rows) {
    out.write(`${text}\n`);
    return;
  }
  let at = 0;
  let step = rows - 1;
  while (at < lines.length) {
    out.write(`${lines.slice(at, at + step).join('\n')}\n`);
    at += step;
    if (at >= lines.length) return;
    out.write(`\u001b[7m ${lines.length - at} lines more · space: a page · Enter: a line · q: stop \u001b[27m`);
    const key = await nextKey();
    out.write(CLEAR_LINE);
    if (key === 'stop') {
      out.write(`… ${lines.length - at} lines were not shown.\n`);
      return;
    }
    step = key === 'line' ? 1 : rows - 1;
  }
}

/** What the bytes of a key press mean; undefined for keys without a meaning here. */
export function pagerKey(bytes: string): PagerKey | undefined {
  if (bytes === ' ' || bytes === '\u001b[6~') return 'page';
  if (bytes === '\r' || bytes === '\n' || bytes === '\u001b[B') return 'line';
  return bytes === 'q' || bytes === 'Q' || bytes === '\u0003' || bytes === '\u0004' || bytes === '\u001b'
    ? 'stop'
    : undefined;
}
