import { actionList } from '@pxa/assistant/catalog';
import type { CommandPart, Filter } from '@pxa/contract';
import type { Scope } from '../auth/scopes.ts';

/** `guest`: VMs or containers, as its targets are. */
type Area = 'guest' | 'node' | 'network' | 'storage' | 'backup' | 'security' | 'job' | 'admin';

/** What changes by each capability belong to. One that is not named here nobody but an administrator may order. */
const AREAS: Readonly<Record<string, Area>> = {
  power: 'guest',
  'guest-config': 'guest',
  'guest-disks': 'guest',
  creation: 'guest',
  migration: 'guest',
  removal: 'guest',
  snapshots: 'guest',
  nodes: 'node',
  'node-power': 'node',
  ha: 'node',
  pools: 'node',
  network: 'network',
  firewall: 'network',
  storage: 'storage',
  replication: 'storage',
  backups: 'backup',
  restore: 'backup',
  access: 'security',
  tasks: 'job',
  api: 'admin',
};

const capabilityOf = new Map(actionList.map(({ id, capability }) => [id, capability]));

/** The scopes that an order needs, each of them. */
export function scopesOf(part: CommandPart): Scope[] {
  const area = AREAS[capabilityOf.get(part.action) ?? ''] ?? 'admin';
  switch (area) {
    case 'admin':
      return ['admin'];
    case 'guest':
      return kindsOf(part).map((kind) => (kind === 'lxc' ? 'container:write' : 'vm:write'));
    default:
      return [`${area}:write`];
  }
}

/** The kinds of guest that an order is about; of a selection that says none, both. */
function kindsOf({ action, targets, selection }: CommandPart): string[] {
  const named = [...new Set(targets.map((target) => target.split('/')[0] ?? ''))];
  if (named.length > 0) return named;
  if (selection !== undefined) {
    const { where } = selection as { where?: Filter }; // the language made a query of it
    const type = typeIn(where);
    return type === undefined ? ['qemu', 'lxc'] : [type];
  }
  return [action.startsWith('container.') ? 'lxc' : 'qemu'];
}

/** The type that every row of a condition has, where it says one. */
function typeIn(where: Filter | undefined): string | undefined {
  if (where?.op === 'and') return where.of.map(typeIn).find((type) => type !== undefined);
  const isType = where?.op === 'compare' && where.column === 'type' && where.is === '=';
  return isType ? String(where.value) : undefined;
}
