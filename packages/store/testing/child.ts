import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StorePlace } from '../open.ts';

/** What a child process does with the store; it prints one line for each thing that the store has acknowledged. */
export type Task = 'open' | 'contend' | 'audit' | 'work';

export interface Child {
  process: ChildProcess;
  /** Lines as they come; the first is `ready`, and after `go` it begins. */
  lines: AsyncIterableIterator<string>;
  go(): void;
  ended: Promise<unknown>;
}

/** Starts a real process that opens the store; `through` is a command that runs it. */
export async function startChild(
  task: Task,
  place: StorePlace,
  argument = '',
  through: readonly string[] = [],
): Promise<Child> {
  const script = fileURLToPath(new URL('work-in-child.ts', import.meta.url));
  const [command, ...rest] = [...through, process.execPath, script, task, JSON.stringify(place), argument];
  const child = spawn(command ?? process.execPath, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return { process: child, lines, ended, go: () => void child.stdin.write('go\n') };
}

/** Starts several, lets them begin at the same moment, and gives the lines of each. */
export async function runTogether(task: Task, place: StorePlace, names: readonly string[]): Promise<string[][]> {
  const children = await Promise.all(names.map((name) => startChild(task, place, name)));
  for (const child of children) child.go();
  return Promise.all(children.map(({ lines }) => all(lines)));
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}
