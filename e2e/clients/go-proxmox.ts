import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { run } from '../command.ts';
import { readChecks, type Outcome } from './report.ts';
import type { Door } from './run.ts';

/** Since 1.21 Go fetches the toolchain that a module asks for; older ones cannot read its go.mod. */
const oldestGo = [1, 21] as const;

/** luthermonson/go-proxmox, by password and by token, where Go is present. */
export async function runGoProxmox(door: Door): Promise<Outcome> {
  const client = 'go-proxmox';
  const reason = whyNoGo();
  if (reason !== undefined) return { client, skipped: reason };
  const cwd = join(root, 'e2e/clients/go');
  const built = await run('go', ['build', '-o', join(door.caFile, '../go-reads'), '.'], { cwd, timeoutMs: 240_000 });
  if (!built.ok) return { client, checks: [{ name: 'builds', problem: built.stderr.trim().slice(-500) }] };
  const ended = await run(join(door.caFile, '../go-reads'), [], {
    env: {
      PVE_URL: door.url,
      PVE_USERNAME: door.username,
      PVE_PASSWORD: door.password,
      PVE_TOKEN_ID: door.tokenId,
      PVE_TOKEN_SECRET: door.tokenSecret,
      PVE_CA_FILE: door.caFile,
    },
  });
  const checks = readChecks(ended.stdout);
  // A failed check ends the program with 1 and no word on stderr; anything there is an end before the end.
  if (!ended.ok && (ended.stderr.trim() !== '' || checks.length === 0))
    checks.push({ name: 'runs to its end', problem: ended.stderr.trim().split('\n')[0] ?? 'it ended badly' });
  return { client, checks };
}

function whyNoGo(): string | undefined {
  const told = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (told.status !== 0) return 'there is no Go';
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(told.stdout) ?? [];
  const newEnough = Number(major) > oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) >= oldestGo[1]);
  return newEnough ? undefined : `Go ${major}.${minor} is older than ${oldestGo.join('.')}`;
}
