import { type ParamsOf, storageTypes } from '@pxa/pve/facts';
import { type Planning, type Refusal, wrongValues } from '../kit/index.ts';
import { definitionsNow } from './definition-now.ts';

export type Sent = Omit<ParamsOf<'POST', '/storage'>, 'storage' | 'type'>;

/** What each kind of storage cannot be without, in the words of an order. */
const needs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dir: { path: 'at /data' },
  nfs: { server: 'server 10.0.0.5', export: 'export /volume1/pve' },
  cifs: { server: 'server 10.0.0.5', share: 'share backups' },
  pbs: { server: 'server 10.0.0.6', datastore: 'datastore main', username: 'user backup@pbs' },
  zfspool: { pool: 'pool tank/vms' },
  lvm: { vgname: 'volume group vg0' },
  lvmthin: { vgname: 'volume group vg0', thinpool: 'thin pool data' },
};

/** The kinds of storage that can be added. */
export const TYPES = Object.keys(needs);

/** What may be said of a storage beside what it holds and where it is. */
export const OPTIONS = [
  'path',
  'server',
  'export',
  'share',
  'datastore',
  'namespace',
  'pool',
  'username',
  'password',
  'fingerprint',
  'thinpool',
  'vgname',
] as const;

export type Given = Pick<Sent, (typeof OPTIONS)[number]>;

/** What a type of storage cannot do without. */
export function lacking(type: string, given: Given): Refusal[] {
  const all: Readonly<Record<string, unknown>> = { ...given };
  const missing = Object.entries(needs[type] ?? {}).filter(([key]) => all[key] === undefined);
  if (missing.length === 0) return [];
  const keys = missing.map(([key]) => key).join(' and ');
  return [
    {
      input: missing[0]?.[0] ?? 'type',
      reason: 'required',
      why: `A ${type} storage needs its ${keys}.`,
      next: `Say it as “… with ${missing.map(([, say]) => say).join(' and ')}”.`,
    },
  ];
}

/** What a type of storage knows nothing of, and values that are none of what they should be. */
export function optionRefusals(type: string, given: Given): Refusal[] {
  const known = storageTypes()[type]?.options ?? {};
  const said = OPTIONS.filter((each) => given[each] !== undefined);
  const foreign = said.filter((each) => !(each in known));
  const own = said.filter((each) => each in known);
  return [
    ...foreign.map((each): Refusal => {
      const why = `A ${type} storage has no ${each}.`;
      return { input: each, reason: 'not_acceptable', why, next: 'Leave it out.' };
    }),
    ...wrongValues('POST /storage', { type, ...given }, Object.fromEntries(own.map((each) => [each, each]))),
  ];
}

/** pve-storage Plugin.pm, parse_storage_id: a letter first, then letters, digits, -, _ and ., a letter or digit last. */
export async function nameRefusals(planning: Planning, name: string): Promise<Refusal[]> {
  if (!/^[a-z][a-z0-9\-_.]*[a-z0-9]$/i.test(name))
    return [
      {
        input: 'name',
        reason: 'not_acceptable',
        why: `“${name}” is no name for a storage: a letter first, then letters, digits, -, _ and .`,
        next: 'Choose another name.',
      },
    ];
  const taken = (await definitionsNow(planning)).some(({ id }) => id === name);
  return taken
    ? [{ input: 'name', reason: 'exists', why: `There is a storage ${name} already.`, next: 'Choose another name.' }]
    : [];
}
