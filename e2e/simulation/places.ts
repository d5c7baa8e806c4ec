import type { State } from '@pxa/sandbox';
import type { Random } from '../../packages/sandbox/worlds/random.ts';

type Guest = State['guests'] extends Map<number, infer G> ? G : never;

/** What stands in an order for a place of it, as `{guest}`; "nothing" where the cluster has none of it. */
export function placed(place: string, random: Random, state: State): string {
  switch (place) {
    case 'n':
      return String(random.whole(1, 999));
    case 'few':
      return String(random.whole(1, 4));
    case 'node':
      return picked(random, [...state.nodes.keys()]);
    case 'pool':
      return picked(random, names(state.access.pools, 'poolid'));
    case 'user':
      return picked(random, names(state.access.users, 'userid'));
    case 'backupJob':
      return picked(random, names(state.backupJobs, 'id'));
    case 'replicationJob':
      return picked(random, names(state.replication, 'id'));
    case 'backupStorage':
      return picked(random, storagesFor(state, 'backup'));
    case 'imageStorage':
      return picked(random, storagesFor(state, 'images'));
    case 'managed':
      return picked(
        random,
        names(state.ha.resources, 'sid').map((sid) => sid.replace(/^\w+:/, '')),
      );
    case 'snapshot':
      return picked(
        random,
        taken(state).map(({ vmid, name }) => `${name} of ${vmid}`),
      );
    case 'snapped':
      return picked(
        random,
        taken(state).map(({ vmid, name }) => `${vmid} to ${name}`),
      );
    default:
      return picked(random, guestsFor(place, state));
  }
}

/** `guest`, `vm`, `stopped`, `stoppedVm`, `running`, `runningVm`: the numbers of such guests. */
function guestsFor(place: string, state: State): string[] {
  const isOf = ({ config, type, status }: Guest): boolean => {
    if (config['template'] === 1) return false;
    if (place.toLowerCase().endsWith('vm') && type !== 'qemu') return false;
    if (place.startsWith('running')) return status === 'running';
    return !place.startsWith('stopped') || status === 'stopped';
  };
  return [...state.guests.values()].filter(isOf).map(({ vmid }) => String(vmid));
}

function taken({ guests }: State): { vmid: number; name: string }[] {
  return [...guests.values()].flatMap(({ vmid, snapshots }) =>
    snapshots.filter(({ name }) => name !== 'current').map(({ name }) => ({ vmid, name })),
  );
}

function storagesFor({ storages }: State, content: string): string[] {
  return [...storages.values()]
    .filter((row) =>
      String(row['content'] ?? '')
        .split(',')
        .includes(content),
    )
    .map((row) => String(row['storage']));
}

const names = (rows: readonly object[], key: string): string[] =>
  rows.map((row) => String((row as Record<string, unknown>)[key])); // rows have keys of text

function picked(random: Random, [first = 'nothing', ...others]: readonly string[]): string {
  return random.pick([first, ...others]);
}
