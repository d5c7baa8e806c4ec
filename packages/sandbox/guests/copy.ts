import type { Call } from '../behaviour.ts';
import type { Guest } from '../state/model.ts';
import { allocate, changeVolume, findVolume, freeVolume } from './volumes.ts';
import { died, type Task } from './work.ts';

/** Bytes a second that are read, sent and written. */
const RATE = 400 * 1024 ** 2;
const STEPS = 40;

export interface Copy {
  /** Where the source lies. */
  from: { node: string; volid: string };
  to: { node: string; storage: string; guest: Pick<Guest, 'vmid' | 'type'>; format?: string | undefined };
  /** How a line of progress reads; default: as of `qemu-img convert`. */
  line?: ((done: number, size: number, seconds: number) => string) | undefined;
}

/** Copies a volume in the sandbox's time, telling how far it is; what was made goes where it does not come to its end. */
export async function copyVolume(call: Call, task: Task, { from, to, line = converted }: Copy): Promise<string> {
  const source = findVolume(call.state, from.node, from.volid);
  if (!source) throw died(`volume '${from.volid}' does not exist`);
  const at = Math.floor(call.clock.now() / 1000);
  const { size } = source;
  const volid = allocate(call.state, { ...to, size, at });
  const seconds = size / RATE;
  const steps = Math.max(1, Math.min(STEPS, Math.floor(seconds)));
  try {
    for (let step = 1; step <= steps; step++) {
      await task.wait((seconds / steps) * 1000);
      const done = Math.floor((size * step) / steps);
      task.log(line(done, size, Math.round((seconds * step) / steps)));
      const used = source.used ?? size;
      changeVolume(call.state, to.node, volid, { used: Math.floor((used * step) / steps) });
    }
  } catch (error) {
    freeVolume(call.state, to.node, volid);
    throw error;
  }
  return volid;
}

function converted(done: number, size: number): string {
  return `transferred ${readable(done)} of ${readable(size)} (${((done / size) * 100).toFixed(2)}%)`;
}

/** As QEMU's block jobs are told of. */
export function mirrored(drive: string): Copy['line'] {
  return (done, size, seconds) =>
    `drive-${drive}: transferred ${readable(done)} of ${readable(size)} (${((done / size) * 100).toFixed(2)}%) in ${seconds}s`;
}

/** Bytes as PVE::Tools' render_bytes writes them. */
export function readable(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit] ?? 'B'}`;
}
