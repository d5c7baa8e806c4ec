import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../e2e/command.ts';
import { root } from './repository.ts';
import { terminalSvg } from './terminal-svg.ts';

const columns = 112;
const clock = '2026-02-23T10:00:00Z';

/** What is asked in the picture of the README, of the demo cluster. */
const questions = [
  'show me all running VMs on pve-node01',
  'how are my nodes doing on resources?',
  'did all backups complete successfully this week?',
];

/**
 * Draws docs/pictures/session.svg from the running product: its prompt in a terminal, on the demo cluster, with the
 * clock at which that cluster's story takes place. Milliseconds of calls are those of this run.
 */
async function main(): Promise<void> {
  const printed = await session(questions);
  const folder = join(root, 'docs/pictures');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'session.svg'), terminalSvg(printed, columns, 'pxa'));
}

/** Each question in turn as a command of its own in one terminal. */
async function session(asked: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const question of asked) {
    const command = `stty cols ${columns} rows 200; exec ./pxa --sandbox --clock ${clock} ask "${question}"`;
    const ended = await run('script', ['-qec', command, '/dev/null'], {
      cwd: root,
      env: { TERM: 'xterm-256color', FORCE_COLOR: '1', SHELL: '/bin/sh' },
    });
    if (!ended.ok) throw new Error(`"${question}" could not be asked: ${ended.stdout}${ended.stderr}`);
    parts.push(`\u001b[1;36m$\u001b[0m \u001b[1mpxa "${question}"\u001b[0m\n${ended.stdout.trimEnd()}\n`);
  }
  return parts.join('\n');
}

await main();
