import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { readFrom, type Door } from '../clients/door.ts';
import type { Check } from '../clients/report.ts';
import { run } from '../command.ts';
import { workIn } from './workspace.ts';

const changed = ['-var', 'cores=4', '-var', 'memory=1024'];
const stepLimitMs = 180_000;

/** What is asked of the sandbox, and what must be in its answer. */
type Look = [name: string, path: string, wanted: Record<string, unknown>];

const vm = '/nodes/pve-node01/qemu/5200';
const container = '/nodes/pve-node02/lxc/6200';

const made: Look[] = [
  ['the VM runs', `${vm}/status/current`, { status: 'running', name: 'web' }],
  ['the VM has what was written', `${vm}/config`, { cores: 2, memory: '1024', ciuser: 'ops', tags: 'tofu' }],
  ['the container runs', `${container}/status/current`, { status: 'running', name: 'box' }],
  ['the container has what was written', `${container}/config`, { memory: 512, unprivileged: 1 }],
];
const changes: Look[] = [
  ['the VM has changed', `${vm}/config?current=1`, { cores: 4 }],
  ['the container has changed', `${container}/config`, { memory: 1024 }],
];

/** Makes, changes and destroys main.tf's cluster with OpenTofu; nothing is fetched, and the certificate is verified. */
export async function tellStory(programs: string, door: Door): Promise<Check[]> {
  const { folder } = door;
  await copyFile(join(root, 'e2e/tofu/main.tf'), join(folder, 'main.tf'));
  const settings = await workIn(folder, programs);
  const tofu = async (name: string, ...args: string[]): Promise<Check> => {
    const ended = await run(join(programs, 'tofu'), [...args, '-input=false', '-no-color'], {
      cwd: folder,
      env: { ...settings, ...environment(door) },
      timeoutMs: stepLimitMs,
    });
    return ended.ok ? { name } : { name, problem: problemOf(ended) };
  };
  const apply = ['apply', '-auto-approve'];
  const plan = ['plan', '-detailed-exitcode'];
  return [
    await tofu('apply', ...apply),
    await tofu('nothing is left to do', ...plan),
    ...(await lookAt(door, made)),
    await tofu('change', ...apply, ...changed),
    await tofu('nothing is left to do after the change', ...plan, ...changed),
    ...(await lookAt(door, changes)),
    await tofu('destroy', 'destroy', '-auto-approve', ...changed),
    await absent(door, 'the VM is gone', vm),
    await absent(door, 'the container is gone', container),
  ];
}

/** How the provider finds the sandbox. */
function environment(door: Door): Record<string, string> {
  return {
    SSL_CERT_FILE: door.caFile,
    PROXMOX_VE_ENDPOINT: `${door.url}/`,
    PROXMOX_VE_API_TOKEN: `${door.tokenId}=${door.tokenSecret}`,
  };
}

/** What OpenTofu complained about; a plan that found something to do complains on the other stream. */
function problemOf({ stdout, stderr }: { stdout: string; stderr: string }): string {
  const errors = stderr.split('\n').filter((line) => /Error:|error/.test(line));
  const plans = stdout.split('\n').filter((line) => /^ *[~+-]|^Plan:|Error:/.test(line));
  return [...errors, ...plans].slice(0, 12).join(' | ') || 'it ended badly';
}

async function lookAt(door: Door, looks: readonly Look[]): Promise<Check[]> {
  return Promise.all(
    looks.map(async ([name, path, wanted]) => {
      const { data } = await readFrom(door, path);
      const wrong = Object.entries(wanted).find(([key, value]) => data[key] !== value);
      return wrong === undefined ? { name } : { name, problem: `${wrong[0]} is ${JSON.stringify(data[wrong[0]])}` };
    }),
  );
}

async function absent(door: Door, name: string, guest: string): Promise<Check> {
  const { status } = await readFrom(door, `${guest}/status/current`);
  return status === 500 ? { name } : { name, problem: `status ${status}` };
}
