import { disksOf } from '../guests/disks.ts';
import { storageType } from '../guests/volumes.ts';
import type { World } from '../ha/world.ts';
import { nextEvent } from '../state/calendar.ts';
import type { Guest, NodeState, Row, State } from '../state/model.ts';
import type { DueJob } from './due.ts';

/** How long the connection to a node that is away is waited for. */
const CONNECT_MS = 10_000;
/** What a run takes that has nothing to tell of it: seconds. */
const USUAL_S = 3;

/** Failures whose cause is known here, so that they end with it; the others were there when the sandbox started. */
const ownFailures = new WeakMap<State, Set<unknown>>();

/** When the replication jobs run next, each on the node of its guest. What is overdue runs with the next minute. */
export function dueReplications(world: World, after: number): DueJob[] {
  return [...world.state.nodes.values()].flatMap((node) => {
    if (node.offlineSince !== undefined) return [];
    const rows = node.replication.filter((row) => row['disable'] !== 1 && row['remove_job'] === undefined);
    return rows.flatMap((row): DueJob[] => {
      const next = Number(row['next_sync'] ?? 0);
      if (next === 0) return [];
      const at = next > after ? next : Math.floor(after / 60) * 60 + 60;
      return [{ at, run: () => begin(world, node, row['id'], at) }];
    });
  });
}

/** A run, from its beginning to what is known of it afterwards (pve-guest-common PVE/Replication.pm, run_replication). */
function begin(world: World, node: NodeState, id: unknown, at: number): void {
  const { state, clock } = world;
  const job = node.replication.find((row) => row['id'] === id);
  const guest = state.guests.get(Number(job?.['guest']));
  if (!job || guest?.node !== node.name || node.offlineSince !== undefined) return;
  change(node, id, { last_try: at, next_sync: nextRun(job, node, at), pid: 4000 + (at % 20_000) });
  const isAway = targetOf(state, job)?.offlineSince !== undefined;
  const seconds = isAway ? CONNECT_MS / 1_000 : Number(job['duration'] ?? 0) || USUAL_S;
  clock.after(seconds * 1_000, () => {
    const now = node.replication.find((row) => row['id'] === id);
    if (now) end({ world, node, guest, job: now, at, seconds });
  });
}

interface Run {
  readonly world: World;
  readonly node: NodeState;
  readonly guest: Guest;
  readonly job: Row;
  readonly at: number;
  readonly seconds: number;
}

function end(run: Run): void {
  const { world, node, job, at, seconds } = run;
  const { id } = job;
  const error = failureOf(run);
  const own = ownFailures.get(world.state) ?? new Set<unknown>();
  ownFailures.set(world.state, own);
  tell(run, error);
  if (error === undefined) {
    own.delete(id);
    change(node, id, { pid: undefined, error: undefined, fail_count: 0, last_sync: at, duration: seconds });
    return;
  }
  if (job['error'] === undefined) own.add(id);
  const failed = Number(job['fail_count'] ?? 0) + 1;
  change(node, id, { pid: undefined, error, fail_count: failed, duration: seconds, next_sync: retry(at, failed) });
}

/** Why it fails: its target is away; or what it failed of before anything happened here, which nobody has put right. */
function failureOf({ world: { state }, job }: Run): string | undefined {
  const target = targetOf(state, job);
  const known = job['error'];
  if (known !== undefined && ownFailures.get(state)?.has(job['id']) !== true) return String(known);
  if (target?.offlineSince === undefined) return undefined;
  const alias = `'HostKeyAlias=${target.name}' root@${target.ip ?? target.name}`;
  return `command '/usr/bin/ssh -e none -o 'BatchMode=yes' -o ${alias} -- pvesr prepare-local-job ${String(job['id'])}' failed: exit code 255`;
}

const targetOf = (state: State, job: Row): NodeState | undefined => state.nodes.get(String(job['target']));

/** After a failure it is tried again in five minutes, then ten, fifteen, and every half hour from then on. */
const retry = (at: number, failed: number): number => at + (failed <= 3 ? failed * 300 : 1_800);

const nextRun = (job: Row, node: NodeState, at: number): number =>
  nextEvent(String(job['schedule'] ?? '*/15'), at, node.tzOffset) ?? 0;

function change(node: NodeState, id: unknown, changes: Row): void {
  node.replication = node.replication.map((row) => {
    if (row['id'] !== id) return row;
    return Object.fromEntries(Object.entries({ ...row, ...changes }).filter(([, value]) => value !== undefined));
  });
}

/** What `/nodes/{node}/replication/{id}/log` shows of the last run. */
function tell({ world: { state }, node, guest, job, at, seconds }: Run, error: string | undefined): void {
  const id = String(job['id']);
  const line = (after: number, text: string): string => {
    const when = new Date((at + after + node.tzOffset) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    return `${when} ${id}: ${text}`;
  };
  const volids = disksOf(guest.config)
    .filter(
      ({ cdrom, key, storage }) => !cdrom && !key.startsWith('unused') && storageType(state, storage) === 'zfspool',
    )
    .map(({ volid }) => volid);
  const snapshot = `__replicate_${id}_${at}__`;
  const copies = volids.flatMap((volid) => [
    line(0, `create snapshot '${snapshot}' on ${volid}`),
    line(1, `incremental sync '${volid}' (__replicate_${id}_${Number(job['last_sync'] ?? 0)}__ => ${snapshot})`),
  ]);
  node.replicationLogs[id] = [
    line(0, 'start replication job'),
    line(
      0,
      `guest => ${guest.type === 'qemu' ? 'VM' : 'CT'} ${guest.vmid}, running => ${guest.status === 'running' ? 1 : 0}`,
    ),
    line(0, `volumes => ${volids.join(',')}`),
    ...(error === undefined
      ? [...copies, line(seconds, 'end replication job')]
      : [line(seconds, `end replication job with error: ${error}`)]),
  ];
}
