import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { run } from '../command.ts';
import { environment, type Door } from './door.ts';
import { checksOf, type Outcome } from './report.ts';

/** Since 1.21 Go fetches the toolchain that a module asks for; older ones cannot read its go.mod. */
const oldestGo = [1, 21] as const;

/** luthermonson/go-proxmox, by password and by token: what it reads, and what it changes on another sandbox. */
export async function runGoProxmox(reading: Door, changing: Door): Promise<Outcome[]> {
  const client = 'go-proxmox';
  const reason = whyNoGo();
  if (reason !== undefined) return [{ client, skipped: reason }];
  const cwd = join(root, 'e2e/clients/go');
  const program = join(reading.folder, 'go-client');
  const built = await run('go', ['build', '-o', program, '.'], { cwd, timeoutMs: 240_000 });
  if (!built.ok) return [{ client, checks: [{ name: 'builds', problem: built.stderr.trim().slice(-500) }] }];
  const part = async (name: 'reads' | 'writes', door: Door): Promise<Outcome> => ({
    client: `${client}, ${name}`,
    checks: checksOf(await run(program, [name], { env: environment(door), timeoutMs: 180_000 })),
  });
  return Promise.all([part('reads', reading), part('writes', changing)]);
}

/** Why nothing can be built with Go here, if so. */
export function whyNoGo(): string | undefined {
  const told = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (told.status !== 0) return 'there is no Go';
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(told.stdout) ?? [];
  const newEnough = Number(major) > oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) >= oldestGo[1]);
  return newEnough ? undefined : `Go ${major}.${minor} is older than ${oldestGo.join('.')}`;
}
