import { join } from 'node:path';
import { Answer } from '@pxa/contract';
import { run } from '../e2e/command.ts';
import type { RunningSandbox } from '../e2e/product.ts';
import { root } from '../tools/repository.ts';

/** An answer that is one: not a question back, and not an error. */
type Answered = Extract<Answer, { kind: 'answer' }>;

/** How to start a command line: from the checkout's sources, or as it is built. */
export type Start = readonly [command: string, ...args: string[]];

export const fromCheckout: Start = [join(root, 'pxa')];

/** Builds the command line as it is shipped, and tells how to start it. */
export async function built(): Promise<Start> {
  const ended = await run('npm', ['run', 'build'], { cwd: root, timeoutMs: 120_000 });
  if (!ended.ok) throw new Error(`npm run build failed: ${ended.stderr.trim().slice(-300)}`);
  return [process.execPath, join(root, 'apps/cli/dist/main.js')];
}

/** Asks through the command line, as a process of its own, and gives the answer that it printed. */
export async function askOnce(start: Start, sandbox: RunningSandbox, request: string): Promise<Answered> {
  const [command, ...args] = start;
  const ended = await run(command, [...args, 'ask', request, '--json'], { env: sandbox.env });
  if (ended.stdout === '') throw new Error(`"${request}" gave no answer: ${ended.stderr.trim()}`);
  const answer = Answer.parse(JSON.parse(ended.stdout));
  if (answer.kind !== 'answer') throw new Error(`"${request}" was not answered: ${answer.text}`);
  return answer;
}
