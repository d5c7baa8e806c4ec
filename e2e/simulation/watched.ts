import { plainWire } from '../../packages/act/deps.ts';
import type { Process } from './process.ts';

type Wire = ReturnType<typeof plainWire>;

/** A process's reads and writes: it may die at each of them. */
export function watchedWire(session: Parameters<typeof plainWire>[0], process: Process): Wire {
  const { reader, write, upload } = plainWire(session);
  return {
    reader: {
      get: (path, params, options) => process.do(`GET ${path}`, () => reader.get(path, params, options)),
      getRaw: (path, params, options) => process.do(`GET ${path}`, () => reader.getRaw(path, params, options)),
    },
    write: (permit, call) => process.do(`${call.method} ${call.path}`, () => write(permit, call)),
    upload: (permit, call, file, signal) =>
      process.do(`${call.method} ${call.path}`, () => upload(permit, call, file, signal)),
  };
}
