import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startChanging, type Changing } from '../testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

/** Seconds since 1970. */
const at = (time: string): number => Date.parse(time) / 1_000;
const hours = (count: number): Promise<void> => lab.sandbox.clock.advance(count * 3_600_000);

/** The tasks that began since the lab did, as `type id @ node: status`. */
function begun(type: string): string[] {
  return lab.sandbox.tasks
    .all()
    .filter((task) => task.type === type && task.starttime >= at('2026-02-23T10:00:00Z'))
    .map(({ starttime, node, user, status = 'running' }) => {
      return `${new Date(starttime * 1_000).toISOString().slice(5, 16)} ${node} ${user}: ${status}`;
    })
    .toSorted();
}

const archivesOf = (vmid: number, storage: string): number[] => {
  const node = lab.sandbox.state.nodes.get('pve-node01');
  const volumes = node?.storages.get(storage)?.pool.volumes ?? [];
  return volumes.filter((one) => one.vmid === vmid && one.content === 'backup').map(({ ctime }) => Number(ctime));
};

describe('backup jobs run when they are due', () => {
  test('on the nodes that have guests of theirs, as root@pam', async () => {
    await hours(24);
    expect(begun('vzdump')).toEqual([
      '02-24T01:00 pve-node01 root@pam: OK',
      '02-24T02:00 pve-node01 root@pam: OK',
      '02-24T02:00 pve-node02 root@pam: OK',
      '02-24T02:00 pve-node03 root@pam: OK',
    ]);
  });

  test('their archives are there, and older ones go as they say', async () => {
    const before = archivesOf(101, 'nfs-backup');
    await hours(24);
    const after = archivesOf(101, 'nfs-backup');
    expect(after).toHaveLength(before.length);
    expect(Math.max(...after)).toBeGreaterThanOrEqual(at('2026-02-24T02:00:00Z'));
    expect(Math.min(...after)).toBeGreaterThan(Math.min(...before));
  });

  test('one that is disabled or deleted does not', async () => {
    await lab.call('PUT /cluster/backup/backup-01', { enabled: false });
    await lab.call('DELETE /cluster/backup/backup-02');
    await hours(24);
    expect(begun('vzdump')).toEqual([]);
  });

  test('a new one does', async () => {
    await lab.call('POST /cluster/backup', { id: 'soon', schedule: '10:30', storage: 'nfs-backup', vmid: '104' });
    await hours(2);
    expect(begun('vzdump')).toEqual(['02-23T10:30 pve-node02 root@pam: OK']);
  });

  test('a node that is away misses it', async () => {
    lab.sandbox.faults.add({ fault: 'node_down', node: 'pve-node03' });
    await hours(24);
    expect(begun('vzdump').filter((line) => line.includes('pve-node03'))).toEqual([]);
  });

  test('one whose storage is full fails, says so in its log, and leaves nothing', async () => {
    const pool = lab.sandbox.state.nodes.get('pve-node01')?.storages.get('backup-pool')?.pool;
    if (pool) pool.total = pool.base;
    const before = archivesOf(103, 'backup-pool');
    await hours(17);
    expect(begun('vzdump').filter((line) => line.includes('T01:00'))).toEqual([
      '02-24T01:00 pve-node01 root@pam: job errors',
    ]);
    const [failed] = lab.sandbox.tasks.all().filter(({ status }) => status === 'job errors');
    const log = lab.sandbox.tasks.log(failed?.upid ?? '')?.map(({ t }) => t) ?? [];
    expect(log).toContainEqual(expect.stringMatching(/^ERROR: Backup of VM 103 failed - .*(?:Broken pipe|No space)/));
    expect(log.at(-1)).toBe('TASK ERROR: job errors');
    expect(archivesOf(103, 'backup-pool')).toEqual(before);
  });
});

describe('replication jobs run when they are due', () => {
  const status = (id: string): Promise<unknown> => lab.call(`GET /nodes/pve-node01/replication/${id}/status`);

  test('their state tells of it while they run and afterwards', async () => {
    await lab.sandbox.clock.advance(15 * 60_000);
    const due = at('2026-02-23T10:15:00Z');
    expect(await status('100-0')).toMatchObject({ pid: expect.any(Number), last_try: due, next_sync: due + 900 });
    await lab.sandbox.clock.advance(60_000);
    const after = await status('100-0');
    expect(after).toMatchObject({ last_sync: due, fail_count: 0, duration: 3.8 });
    expect(after).not.toHaveProperty('pid');
    expect(await lab.call('GET /nodes/pve-node01/replication/100-0/log')).toContainEqual({
      n: 1,
      t: '2026-02-23 10:15:00 100-0: start replication job',
    });
  });

  test('one that is asked for begins with the next minute', async () => {
    await lab.sandbox.clock.advance(10_000);
    await lab.call('POST /nodes/pve-node01/replication/100-0/schedule_now', {});
    await lab.sandbox.clock.advance(60_000);
    expect(await status('100-0')).toMatchObject({ last_sync: at('2026-02-23T10:01:00Z') });
  });

  test('without its target it fails, is tried again later and later, and recovers', async () => {
    lab.sandbox.faults.add({ fault: 'node_down', node: 'pve-node02' });
    await lab.sandbox.clock.advance(15 * 60_000 + 30_000);
    const due = at('2026-02-23T10:15:00Z');
    expect(await status('100-0')).toMatchObject({
      fail_count: 1,
      error: expect.stringMatching(/ssh .*pve-node02.* failed: exit code 255$/),
      next_sync: due + 300,
    });
    await lab.sandbox.clock.advance(5 * 60_000);
    expect(await status('100-0')).toMatchObject({ fail_count: 2, next_sync: due + 300 + 600 });
    lab.sandbox.faults.clear();
    await lab.sandbox.clock.advance(10 * 60_000);
    const recovered = await status('100-0');
    expect(recovered).toMatchObject({ fail_count: 0, last_sync: due + 900 });
    expect(recovered).not.toHaveProperty('error');
  });

  test('one that failed before of something else goes on failing', async () => {
    await hours(1);
    expect(await status('102-0')).toMatchObject({ fail_count: 50, error: expect.stringMatching(/zfs recv/) });
  });
});
