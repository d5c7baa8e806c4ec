import { describe, expect, it } from 'vitest';
import type { Row } from '../state/model.ts';
import { asking } from './asking.ts';
import { demoState } from './demo.ts';

const NOW = Date.parse('2026-02-23T10:00:00Z');
const state = demoState({ now: () => NOW });
const ask = asking({ state });
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;
const DAY = 86_400;

function rows(path: string, params: Record<string, unknown> = {}): Row[] {
  return ask(path, params) as Row[];
}

function row(id: string): Row {
  return rows('/cluster/resources').find((entry) => entry['id'] === id) ?? {};
}

/** id, vCPUs used and allocated, GiB of memory used and allocated, GiB of disk, seconds since boot */
const VMS: [string, number, number, number, number, number, number][] = [
  ['qemu/100', 2, 4, 4.1, 8, 32, 14 * DAY + 21_600],
  ['qemu/101', 3, 8, 12.4, 16, 120, 14 * DAY + 21_600],
  ['qemu/102', 4, 8, 28.1, 32, 500, 14 * DAY + 21_600],
  ['qemu/103', 6, 8, 13.8, 16, 200, 7 * DAY + 43_200],
  ['qemu/105', 1, 2, 1.9, 4, 50, 14 * DAY + 21_600],
  ['lxc/200', 0.3, 2, 0.5, 2, 8, 14 * DAY + 21_600],
  ['lxc/201', 0.1, 1, 0.125, 0.5, 4, 14 * DAY + 21_600],
  ['lxc/202', 0.1, 1, 0.09375, 0.5, 4, 41 * DAY + 10_800],
  ['lxc/204', 0.4, 2, 0.375, 1, 12, 20 * DAY + 79_200],
];

it.each(VMS)('%s is as big and as busy as the transcripts show', (id, cpu, cores, mem, memory, disk, uptime) => {
  const guest = row(id);
  expect(Number(guest['cpu']) * Number(guest['maxcpu'])).toBeCloseTo(cpu, 6);
  expect(Number(guest['mem']) / GIB).toBeCloseTo(mem, 6);
  expect(guest).toMatchObject({ maxcpu: cores, maxmem: memory * GIB, maxdisk: disk * GIB, uptime, status: 'running' });
});

const NODES: [string, number, number, number, number][] = [
  ['pve-node01', 0.34, 60.3, 76, 1.2],
  ['pve-node02', 0.22, 38.7, 64, 0.9],
  ['pve-node03', 0.71, 58.2, 64, 2.8],
];

it.each(NODES)('%s is as busy as the transcripts show', (name, cpu, mem, memory, disk) => {
  const node = row(`node/${name}`);
  expect(node).toMatchObject({ maxcpu: 16, maxmem: memory * GIB, status: 'online' });
  expect(node['cpu']).toBeCloseTo(cpu, 6);
  expect(Number(node['mem']) / GIB).toBeCloseTo(mem, 6);
  const zfs = row(`storage/${name}/local-zfs`);
  expect(Number(zfs['disk']) / TIB).toBeCloseTo(disk, 6);
  expect(Number(zfs['maxdisk']) / TIB).toBeCloseTo(3.6, 6);
});

describe('the demo cluster', () => {
  it('has nine VMs, two templates and five containers; the next free id is 106', () => {
    const guests = rows('/cluster/resources', { type: 'vm' });
    expect(guests.filter((guest) => guest['type'] === 'qemu' && !guest['template'])).toHaveLength(9);
    expect(guests.filter((guest) => guest['template']).map((guest) => guest['name'])).toEqual([
      'ubuntu-22.04-cloud',
      'debian-12-cloud',
    ]);
    expect(guests.filter((guest) => guest['type'] === 'lxc')).toHaveLength(5);
    expect(ask('/cluster/nextid')).toBe('106');
  });

  it('is called tli-prod-cluster and quorate', () => {
    expect(rows('/cluster/status')[0]).toMatchObject({ name: 'tli-prod-cluster', nodes: 3, quorate: 1 });
  });

  it('has four services under HA', () => {
    const services = rows('/cluster/ha/status/current').filter(({ type }) => type === 'service');
    expect(services.map(({ sid, state: word, node }) => [sid, word, node])).toEqual([
      ['vm:100', 'started', 'pve-node01'],
      ['vm:101', 'started', 'pve-node01'],
      ['vm:102', 'started', 'pve-node01'],
      ['ct:200', 'started', 'pve-node01'],
    ]);
    expect(rows('/cluster/ha/rules').map(({ rule }) => rule)).toEqual(['ha-group1', 'ha-group2']);
  });

  it('shows groups in place of rules where 8.4 is asked for', () => {
    const old = asking({ state, major: 8 });
    expect(old('/cluster/ha/groups')).toMatchObject([{ group: 'ha-group1' }, { group: 'ha-group2' }]);
    expect((old('/cluster/ha/resources') as Row[])[2]).toMatchObject({ sid: 'vm:102', group: 'ha-group2' });
  });

  const SCRUBS: [string, string, string, number, string][] = [
    ['pve-node01', 'rpool', 'ONLINE', 12, 'with 0 errors on Fri Feb 20 02:00:00 2026'],
    ['pve-node01', 'backup-pool', 'ONLINE', 8, 'with 0 errors on Thu Feb 19 03:00:00 2026'],
    ['pve-node02', 'rpool', 'ONLINE', 6, 'with 0 errors on Fri Feb 20 02:00:00 2026'],
    ['pve-node03', 'rpool', 'DEGRADED', 31, 'with 3 errors on Wed Feb 18 02:00:00 2026'],
  ];

  it.each(SCRUBS)('%s/%s is %s and was scrubbed', (node, pool, health, frag, scan) => {
    const listed = rows(`/nodes/${node}/disks/zfs`).find(({ name }) => name === pool);
    expect(listed).toMatchObject({ health, frag });
    expect(ask(`/nodes/${node}/disks/zfs/${pool}`)).toMatchObject({ state: health });
    expect((ask(`/nodes/${node}/disks/zfs/${pool}`) as Row)['scan']).toContain(scan);
  });

  it('backed up everything but VM 103 two days ago, and the log says why', () => {
    const runs = rows('/nodes/pve-node01/tasks', { typefilter: 'vzdump', limit: 50 });
    expect(runs[0]).toMatchObject({ endtime: Date.parse('2026-02-23T02:47:10Z') / 1000, status: 'OK' });
    expect(runs[1]).toMatchObject({ endtime: Date.parse('2026-02-23T01:14:32Z') / 1000, status: 'OK' });
    const [failed, ...others] = runs.filter(({ status }) => status !== 'OK');
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ starttime: Date.parse('2026-02-21T02:00:00Z') / 1000, status: 'job errors' });
    const log = rows(`/nodes/pve-node01/tasks/${String(failed?.['upid'])}/log`, { limit: 0 }).map(({ t }) => t);
    expect(log).toContain('ERROR: Backup of VM 103 failed - vzdump: backup size 201 GB exceeds storage limit');
    expect(log.at(-1)).toBe('TASK ERROR: job errors');
  });

  it('fills node03 by 12 GiB a day', () => {
    const path = '/nodes/pve-node03/storage/local-zfs/rrddata';
    const series = rows(path, { timeframe: 'month', cf: 'AVERAGE' });
    const [first, last] = [series[0] ?? {}, series.at(-1) ?? {}];
    const days = (Number(last['time']) - Number(first['time'])) / DAY;
    expect((Number(last['used']) - Number(first['used'])) / GIB / days).toBeCloseTo(12, 0);
  });

  it('has two graphics cards on node03', () => {
    const cards = rows('/nodes/pve-node03/hardware/pci').filter((device) => device['class'] === '0x030000');
    expect(cards.map((card) => card['device_name'])).toEqual(Array(2).fill('AD102 [GeForce RTX 4090]'));
  });
});
