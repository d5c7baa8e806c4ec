import { completePath } from '../completion/api-paths.ts';
import { COMMANDS, FILE_OPTIONS, OPTIONS, STATES, VALUE_OPTIONS } from '../completion/command-words.ts';
import { keptIds } from '../completion/kept-ids.ts';
import { listConnections } from '../connection/saved.ts';
import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import { apiFacts } from '../backend.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

/** `pxa __complete WORD… LAST`: what LAST can become, one a line. The completion scripts call it at each Tab. */
export async function complete(io: Io, _options: GlobalOptions, operands: string[]): Promise<ExitCode> {
  const typed = operands.at(-1) ?? '';
  for (const candidate of await candidates(io, operands.slice(0, -1), typed)) writeLine(io.stdout, candidate);
  return EXIT.answered;
}

async function candidates(io: Io, before: string[], typed: string): Promise<string[]> {
  const begins = (words: string[]): string[] => words.filter((word) => word.startsWith(typed));
  const last = before.at(-1) ?? '';
  if (FILE_OPTIONS.includes(last)) return [];
  if (last === '--connection' || last === '-c') return begins(await connectionNames(io));
  if (last === '--pve') return begins(['8.4', '9.2']);
  if (last === '--state') return begins(STATES);
  if (VALUE_OPTIONS.includes(last)) return [];
  const words = before.filter((word, at) => !word.startsWith('-') && !VALUE_OPTIONS.includes(before[at - 1] ?? ''));
  const [command, ...rest] = words;
  const own = COMMANDS.find(({ name }) => name === command);
  if (typed.startsWith('-')) return begins([...(own?.options ?? []), ...OPTIONS]);
  if (command === undefined) return begins(COMMANDS.map(({ name }) => name));
  if (command === 'get')
    return rest.length === 0 ? completePath((await apiFacts()).allRoutes(), typed === '' ? '/' : typed) : [];
  if (command === 'connections' && (rest[0] === 'use' || rest[0] === 'remove'))
    return begins(await connectionNames(io));
  return rest.length === 0 ? begins([...(own?.next ?? []), ...(await keptIds(io, command))]) : [];
}

async function connectionNames(io: Io): Promise<string[]> {
  return (await listConnections(io)).map(({ name }) => name);
}
