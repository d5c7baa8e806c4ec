import { withChanges } from '../changes/door.ts';
import { tellAnswer } from '../changes/tell-answer.ts';
import { type ExitCode, usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

const EXAMPLE = 'Example: pxa pve POST /nodes/pve1/qemu/100/status/start';

/** `pxa pve METHOD PATH key=value…`: a plan for any write of the Proxmox API, to be approved like any other. */
export function pve(io: Io, options: GlobalOptions, [said = '', path = '', ...pairs]: string[]): Promise<ExitCode> {
  const method = said.toUpperCase();
  if (method === 'GET') throw usageError('pxa pve writes; GET reads.', `pxa get ${path} ${pairs.join(' ')}`.trim());
  const params = JSON.stringify(paramsOf(pairs));
  const command = { action: 'api.write', targets: [], input: { method, path, params }, says: `${method} ${path}` };
  return withChanges(io, options, async (door) =>
    tellAnswer(door, await door.session.assistant.order(command, { signal: door.signal })),
  );
}

function paramsOf(pairs: readonly string[]): Record<string, string> {
  const params = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    // It may be a value whose name was forgotten, a password for one: it is not repeated.
    if (at < 1) throw usageError('A parameter is no key=value.', EXAMPLE);
    const key = pair.slice(0, at);
    if (params.has(key)) throw usageError(`${key} is given twice.`, EXAMPLE);
    params.set(key, pair.slice(at + 1));
  }
  return Object.fromEntries(params);
}
