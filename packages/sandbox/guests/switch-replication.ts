import type { Call } from '../behaviour.ts';
import type { Guest } from '../state/model.ts';

/** A guest that moved to the target of its replication job is replicated the other way from then on. */
export function switchReplication({ state }: Pick<Call, 'state'>, guest: Guest, from: string): void {
  const isOwn = (row: Record<string, unknown>): boolean => Number(row['guest']) === guest.vmid;
  const switched = (row: Record<string, unknown>): Record<string, unknown> =>
    row['target'] === guest.node ? { ...row, source: guest.node, target: from } : { ...row, source: guest.node };
  state.replication = state.replication.map((row) => (isOwn(row) ? switched(row) : row));
  const [old, now] = [state.nodes.get(from), state.nodes.get(guest.node)];
  if (!old || !now) return;
  now.replication = [...now.replication, ...old.replication.filter(isOwn).map(switched)];
  old.replication = old.replication.filter((row) => !isOwn(row));
}
