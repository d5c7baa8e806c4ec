import { randomBytes, randomUUID } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { foldersFor } from './folders.ts';
import type { Io } from './io.ts';
import { hasCode } from './private-file.ts';

// Before anything else is loaded: the second start is then quicker. In a folder of one's own, since what lies there is run.
enableCompileCache(foldersFor(process.env).cache);

const stops = new Set<() => void>();

const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
  random: (size) => randomBytes(size),
  id: () => randomUUID(),
  onStop: (callback) => {
    stops.add(callback);
    return () => stops.delete(callback);
  },
};

function onSignal(signal: NodeJS.Signals): void {
  if (stops.size === 0) process.exit(signal === 'SIGINT' ? 130 : 143);
  for (const stop of stops) stop();
}

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
// Whoever read our output has gone (`pxa … | head`): there is nobody left to write for. A full disk is another matter.
function onOutputError(error: Error): void {
  process.exit(hasCode(error, 'EPIPE') ? 0 : 1);
}
process.stdout.on('error', onOutputError);
process.stderr.on('error', onOutputError);

const { report, run } = await import('./run.ts');
process.on('uncaughtException', (error) => void report(error, io).then((code) => process.exit(code)));
const exitCode = await run(process.argv.slice(2), io);
// Whatever a command may have left open, the end is the end; first all that was written goes out.
process.stdout.write('', () => process.exit(exitCode));
