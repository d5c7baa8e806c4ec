import type { Job } from '@pxa/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { type Lab, openLab } from './testing/lab.ts';
import { NODE1, NODE2, clone, configure, planOf, snapshot } from './testing/plans.ts';

let lab: Lab;
afterEach(() => lab.close());

const AGENT = `${NODE2}/qemu/104`;
const MONITOR = `${NODE1}/qemu/105`;

describe('many at once', () => {
  test('fifty guests, two at a time on each node; one that fails is told', async () => {
    lab = await openLab({ seed: 3, nodes: 3, guests: 90 });
    const { guests } = lab.sandbox.state;
    const vms = [...guests.values()]
      .filter(({ type, config }) => type === 'qemu' && config['template'] === undefined)
      .slice(0, 50);
    const plan = planOf(
      vms.map(({ vmid, node }, index) => {
        const at = `${node}/qemu/${vmid}`;
        // Proxmox keeps this name for itself.
        return index === 7 ? { ...snapshot(at, 'current'), relies_on: [], undo: [] } : snapshot(at, 'nightly');
      }),
      { on_failure: 'go_on' },
    );
    const known = new Set(lab.sandbox.tasks.all());
    const job = (await lab.run(await lab.approved(plan))) as Job;
    const begun = lab.sandbox.tasks.all().filter((task) => !known.has(task));
    const failed = job.steps.filter(({ state }) => state !== 'done').map(({ index, state }) => `${index} ${state}`);
    expect([job.state, failed, vms.length]).toEqual(['failed', ['7 failed'], 50]);
    expect(job.result).toMatch(/^Failed: \d+ of \d+ steps done\./);
    const overlapping = begun.map(
      (task) =>
        begun.filter(
          (other) =>
            other.node === task.node && other.starttime <= task.starttime && (other.endtime ?? 0) > task.starttime,
        ).length,
    );
    expect(Math.max(...overlapping)).toBeLessThanOrEqual(2);
  });

  test('progress is told while it goes on', async () => {
    lab = await openLab();
    const told: string[] = [];
    const jobId = await lab.approved(planOf([clone(AGENT, 300), configure(MONITOR, 'cores', { from: 2, to: 1 })]));
    const watched: number[] = [];
    lab.after(100_000, async () => watched.push((await lab.store.job(jobId))?.steps[0]?.progress ?? 0));
    await lab.run(jobId, { hooks: { onEvent: ({ kind, text }) => told.push(`${kind} ${text}`) } });
    expect(watched[0]).toBeGreaterThan(0.1);
    expect(watched[0]).toBeLessThan(0.9);
    const kept = (await lab.store.events(jobId, 0, 1_000)).map(({ kind, text }) => `${kind} ${text}`);
    expect(kept).toEqual([expect.stringContaining('queued'), ...told]);
    expect(told.filter((text) => /^log transferred .*%\)$/.test(text)).length).toBeGreaterThan(5);
  });
});
