import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFiles, root } from '../../tools/repository.ts';
import { type Ended, run } from '../command.ts';
import { edited, type Step } from './steps.ts';

/** A copy of the checkout to work in. */
export interface Workshop {
  take(step: Step): Promise<Ended>;
  /** Gives the copy's disk space back. */
  clear(): Promise<void>;
}

const minutesMs = 170_000;
const done: Ended = { ok: true, stdout: '', stderr: '' };

/** Copies the checkout; packages from elsewhere are shared with it, those of the project are the copy's own. */
export async function openWorkshop(): Promise<Workshop> {
  const top = await mkdtemp(join(tmpdir(), 'pxa-contributing-'));
  for (const path of projectFiles()) await cp(join(root, path), join(top, path));
  await linkPackages(top);
  return {
    take: (step) => (step.do === 'run' ? command(top, step) : change(top, step)),
    clear: () => rm(top, { recursive: true, force: true }),
  };
}

async function linkPackages(top: string): Promise<void> {
  const [from, to] = [join(root, 'node_modules'), join(top, 'node_modules')];
  await mkdir(join(to, '@pxa'), { recursive: true });
  for (const name of await readdir(from)) {
    if (name === '@pxa' || (name.startsWith('.') && name !== '.bin')) continue;
    await symlink(join(from, name), join(to, name));
  }
  for (const folder of ['packages', 'apps']) {
    for (const name of await readdir(join(top, folder))) await symlink(join(top, folder, name), join(to, '@pxa', name));
  }
}

async function change(top: string, step: Step & { do: 'write' | 'edit' }): Promise<Ended> {
  const path = join(top, step.path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, step.do === 'write' ? step.text : edited(await readFile(path, 'utf8'), step.text));
  return done;
}

async function command(top: string, step: Step & { do: 'run' }): Promise<Ended> {
  const ended = await run('sh', ['-c', `${step.command}; [ $? -eq ${step.exit} ]`], {
    cwd: top,
    // A home of its own, and no cluster but the sandbox; the test runner's settings are not for another one.
    env: { HOME: top, NO_COLOR: '1', VITEST: '', NODE_OPTIONS: '' },
    timeoutMs: minutesMs,
  });
  return ended;
}
