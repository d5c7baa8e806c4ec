import { expect, test } from 'vitest';
import { progressOf } from './progress.ts';
import { openLab } from './testing/lab.ts';
import { NODE1, NODE2, clone, migrate, planOf } from './testing/plans.ts';

/** Lines as qemu-server, pve-container, pve-storage and vzdump write them, and how far each says that it is. */
const LINES: [line: string, progress: number | undefined][] = [
  ['transferred 13.4 GiB of 32.0 GiB (42.00%)', 0.42],
  ['transferred 0.0 B of 32.0 GiB (0.00%)', 0],
  ['drive-scsi0: transferred 4.0 GiB of 32.0 GiB (12.50%) in 10s', 0.125],
  ['mirror-scsi0: transferred 32.0 GiB of 32.0 GiB (100.00%) in 2m 41s, ready', 1],
  ['drive mirror is starting for drive-scsi0', undefined],
  ['INFO:  42% (13.4 GiB of 32.0 GiB) in 1m 3s, read: 210.3 MiB/s, write: 208.1 MiB/s', 0.42],
  ['INFO: 100% (32.0 GiB of 32.0 GiB) in 2m 35s, read: 190.0 MiB/s, write: 0 B/s', 1],
  ['INFO: backup is sparse: 12.00 GiB (37%) total zero data', undefined],
  ['progress 42% (read 14428405760 bytes, duration 31 sec)', 0.42],
  ['    (17.03/100%)', 0.1703],
  ['2026-02-23 10:00:10 migration active, transferred 1.0 GiB of 4.0 GiB VM-state, 110.0 MiB/s', 0.25],
  ['2026-02-23 10:00:10 migration active, transferred 512.0 MiB of 4.0 GiB VM-state, 110.0 MiB/s', 0.125],
  ['2026-02-23 10:00:11 average migration speed: 1.2 GiB/s - downtime 42 ms', undefined],
  ['2026-02-23 10:00:11 mirror-scsi0: transferred 8.0 GiB of 32.0 GiB (25.00%) in 20s', 0.25],
  [' 614400K ........ ........ ........ ........ 83%  112M 1s', 0.83],
  ['WARN: thin pool is 95% full', undefined],
  ['TASK OK', undefined],
  ['', undefined],
];

test.each(LINES)('%s', (line, progress) => {
  expect(progressOf(line)).toBe(progress);
});

test.each([
  ['a clone', planOf([clone(`${NODE2}/qemu/104`, 300)])],
  [
    'a migration',
    planOf([{ ...migrate(`${NODE1}/qemu/105`, NODE2), params: { target: NODE2, online: 1, 'with-local-disks': 1 } }]),
  ],
])("a task's own log, of %s, tells how far it is from beginning to end", async (_name, plan) => {
  const lab = await openLab();
  try {
    const known = new Set(lab.sandbox.tasks.all());
    await lab.run(await lab.approved(plan));
    const [task] = lab.sandbox.tasks.all().filter((each) => !known.has(each));
    const lines = (lab.sandbox.tasks.log(task?.upid ?? '') ?? []).map(({ t }) => t);
    const told = lines.map(progressOf).filter((each) => each !== undefined);
    expect(task?.status).toBe('OK');
    expect(told.length).toBeGreaterThan(4);
    expect(Math.max(...told)).toBe(1);
    expect(Math.min(...told)).toBeLessThan(0.3);
  } finally {
    await lab.close();
  }
});
