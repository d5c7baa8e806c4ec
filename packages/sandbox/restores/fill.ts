import { NoSpace } from '../backups/writing.ts';
import type { Call } from '../behaviour.ts';
import { changeVolume, findVolume, splitVolid } from '../guests/volumes.ts';
import type { Task } from '../guests/work.ts';
import { poolUsed } from '../load.ts';

/** A volume that data is written to, and how much of it there will be in the end. */
export interface Filled {
  volid: string;
  used: number;
}

/** Writes what an archive holds into volumes, in the sandbox's time; thin ones take room as they fill. */
export async function fillVolumes(
  call: Call,
  task: Task,
  volumes: readonly Filled[],
  { seconds, steps }: { seconds: number; steps: number },
  onStep: (share: number) => void = () => undefined,
): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await task.wait((seconds / steps) * 1000);
    for (const { volid, used } of volumes) grow(call, volid, Math.floor((used * step) / steps));
    onStep(step / steps);
  }
}

function grow(call: Call, volid: string, used: number): void {
  const volume = findVolume(call.state, call.node, volid);
  const pool = call.state.nodes.get(call.node)?.storages.get(splitVolid(volid).storage)?.pool;
  // a volume without a figure of its own takes all that it may hold from the start
  if (!volume || !pool || volume.used === undefined || used <= volume.used) return;
  const taken = poolUsed(call.state, pool, call.clock.now() / 1000);
  if (taken + used - volume.used > pool.total) throw new NoSpace();
  changeVolume(call.state, call.node, volid, { used });
}
