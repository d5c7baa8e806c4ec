import type { Change } from '@pxa/contract';
import type { State } from '@pxa/sandbox';

/** What can be compared of a cluster: by thing, and for each its values by key, in words. */
export type Shown = ReadonlyMap<string, ReadonlyMap<string, string>>;

type Guest = State['guests'] extends Map<number, infer G> ? G : never;

/**
 * A cluster's guests with their configuration, place, status and snapshots, the volumes on its storages, and what else
 * names guests: HA, backup jobs, replication, pools.
 */
export function shownOf(state: State): Shown {
  const things = new Map<string, ReadonlyMap<string, string>>();
  for (const guest of state.guests.values()) things.set(titleOf(guest), valuesOf(guest));
  for (const node of state.nodes.values()) {
    for (const [storage, { pool }] of node.storages) {
      const isShared = state.storages.get(storage)?.['shared'] === 1;
      const volumes = pool.volumes.map(({ volid, size }): [string, string] => [volid, String(size)]);
      things.set(isShared ? `storage ${storage}` : `storage ${storage} on ${node.name}`, new Map(volumes));
    }
  }
  const { ha, backupJobs, replication, access } = state;
  things.set('HA', byKey(ha.resources, 'sid', 'state'));
  things.set('backup jobs', byKey(backupJobs, 'id', 'vmid'));
  things.set('replication', byKey(replication, 'id', 'target'));
  things.set('pools', new Map(access.pools.map(({ poolid, vms }) => [poolid, inOrder(vms.map(Number))])));
  return things;
}

function byKey(rows: readonly Readonly<Record<string, unknown>>[], key: string, value: string): Map<string, string> {
  return new Map(rows.map((row) => [String(row[key]), String(row[value] ?? '')]));
}

const inOrder = (vmids: number[]): string => vmids.toSorted((a, b) => a - b).join(', ');

function titleOf({ type, vmid }: Guest): string {
  return `${type === 'qemu' ? 'VM' : 'Container'} ${vmid}`;
}

function valuesOf({ config, pending, status, qmpstatus, node, snapshots }: Guest): Map<string, string> {
  const values = new Map<string, string>(Object.entries(config).map(([key, value]) => [key, String(value)]));
  for (const [key, value] of Object.entries(pending?.set ?? {})) values.set(`${key} (pending)`, String(value));
  for (const key of Object.keys(pending?.remove ?? {})) values.set(`${key} (pending)`, 'removed');
  const names = snapshots.map(({ name }) => name).filter((name) => name !== 'current');
  values.set('status', qmpstatus === 'paused' ? 'paused' : status);
  values.set('node', node);
  if (names.length > 0) values.set('snapshots', names.join(', '));
  return values;
}

/** What differs between two states of a cluster, thing by thing, key by key. */
export function changesBetween(before: Shown, after: Shown): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((about) => {
    const [was, is] = [before.get(about), after.get(about)];
    if (was === is) return [];
    const keys = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
    return [...keys].flatMap((key): Change[] => {
      const change = { about, key, before: was?.get(key) ?? null, after: is?.get(key) ?? null };
      return change.before === change.after ? [] : [change];
    });
  });
}
