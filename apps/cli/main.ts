import { randomBytes, randomUUID } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import { foldersFor } from './folders.ts';
import type { Io } from './io.ts';

// Before anything else is loaded: the second start is then quicker. In a folder of one's own, since what lies there is run.
enableCompileCache(foldersFor(process.env).cache);

const stops = new Set<() => void>();

const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: () => Date.now(),
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
// Whoever read our output has gone (`pxa … | head`): there is nobody left to write for.
process.stdout.on('error', () => process.exit(0));
process.stderr.on('error', () => process.exit(0));

const { run } = await import('./run.ts');
const exitCode = await run(process.argv.slice(2), io);
// Whatever a command may have left open, the end is the end; first all that was written goes out.
process.stdout.write('', () => process.exit(exitCode));
