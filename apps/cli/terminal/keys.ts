import type { Io } from '../io.ts';
import type { PagerKey } from './pager.ts';
import { pagerKey } from './pager.ts';

/** Reads single keys from a terminal; undefined where there is none at both ends. */
export function keyReader(io: Io): (() => Promise<PagerKey>) | undefined {
  const { stdin, stdout } = io;
  if (stdin.isTTY !== true || stdout.isTTY !== true || stdin.setRawMode === undefined) return undefined;
  return () =>
    new Promise((resolve) => {
      const onData = (chunk: Uint8Array | string): void => {
        const key = pagerKey(chunk.toString());
        if (key === undefined) return;
        stdin.off('data', onData);
        stdin.setRawMode?.(false);
        stdin.pause();
        resolve(key);
      };
      stdin.setRawMode?.(true);
      stdin.on('data', onData);
      stdin.resume();
    });
}
