import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asking, reading } from './asking.ts';
import { InvalidWorld } from './check.ts';
import { exportWorld } from './export.ts';
import { generateState } from './generate.ts';
import { loadWorld } from './load.ts';

const node = { status: { uptime: 10, cpu: 0.1, memory: { total: 100, used: 10 } } };
const resource = { id: 'qemu/100', type: 'qemu', vmid: 100, node: 'a', status: 'running', maxcpu: 2, maxmem: 1024 };
const minimal = { format: 1, now: 1_700_000_000, nodes: { a: node } };
const withGuest = { ...minimal, cluster: { resources: [resource] } };

const REFUSED: [string, unknown, RegExp][] = [
  ['nothing', undefined, /^the world: expected an object$/],
  ['null', null, /^the world: expected an object$/],
  ['a list', [], /^the world: expected an object$/],
  ['a text', 'world', /^the world: expected an object$/],
  ['another form', { ...minimal, format: 2 }, /^format: expected 1/],
  ['no time', { format: 1, nodes: { a: {} } }, /^now: expected the seconds/],
  ['a time that is none', { ...minimal, now: 'soon' }, /^now: expected a number$/],
  ['no nodes', { format: 1, now: 1 }, /^nodes: expected at least one node$/],
  ['nodes as a list', { ...minimal, nodes: [] }, /^nodes: expected an object$/],
  ['a node as a text', { ...minimal, nodes: { a: 'x' } }, /^nodes\.a: expected an object$/],
  ['disks as an object', { ...minimal, nodes: { a: { disks: {} } } }, /^nodes\.a\.disks: expected a list$/],
  ['a disk as a text', { ...minimal, nodes: { a: { disks: ['x'] } } }, /^nodes\.a\.disks\[0\]: expected an object$/],
  ['a configuration as a list', guest({ config: [] }), /^guests\.qemu\/100\.config: expected an object$/],
  ['a guest that is null', { ...withGuest, guests: { 'qemu/100': null } }, /^guests\.qemu\/100: expected an object$/],
  ['a guest that is nowhere', { ...minimal, guests: { 'qemu/7': {} } }, /^guests\.qemu\/7: expected an id/],
  [
    'a guest without a node',
    { ...minimal, guests: { 'qemu/107': {} } },
    /^guests\.qemu\/107: expected a row in cluster/,
  ],
  ['CPU as a text', guest({ status: { cpu: 'much' } }), /^guests\.qemu\/100\.status\.cpu: expected a number$/],
  ['snapshots as an object', guest({ snapshots: {} }), /^guests\.qemu\/100\.snapshots: expected a list$/],
  [
    'a snapshot without a name',
    guest({ snapshots: [{}] }),
    /^guests\.qemu\/100\.snapshots\[0\]\.name: expected the name/,
  ],
  [
    'two guests of one id',
    { ...minimal, cluster: { resources: [resource, { ...resource, id: 'lxc/100', type: 'lxc' }] } },
    /^guests\.lxc\/100: expected another vmid, since qemu\/100 has this one$/,
  ],
  ['a task without a UPID', { ...minimal, nodes: { a: { tasks: [{}] } } }, /^nodes\.a\.tasks\[0\]\.upid: expected/],
  [
    'an ACL of nobody',
    { ...minimal, access: { acl: [{ path: '/', type: 'x' }] } },
    /^access\.acl\[0\]\.type: expected/,
  ],
];

function guest(whole: Record<string, unknown>): Record<string, unknown> {
  return { ...withGuest, guests: { 'qemu/100': whole } };
}

describe('a world that cannot be loaded is refused by the place that is wrong', () => {
  it.each(REFUSED)('%s', (_name, world, message) => {
    expect(() => loadWorld(world)).toThrow(InvalidWorld);
    expect(() => loadWorld(world)).toThrow(message);
  });
});

describe('a world may lack almost everything', () => {
  it('needs a node and a time', () => {
    const ask = asking({ state: loadWorld(minimal) });
    expect(ask('/nodes')).toMatchObject([{ node: 'a', status: 'online', cpu: 0.1, mem: 10, maxmem: 100, uptime: 10 }]);
    expect(ask('/cluster/status')).toMatchObject([{ type: 'node', nodeid: 0, local: 1 }]);
    expect(ask('/cluster/nextid')).toBe('100');
  });

  it('takes a guest from /cluster/resources alone', () => {
    const ask = asking({ state: loadWorld(withGuest) });
    expect(ask('/nodes/a/qemu')).toMatchObject([
      { vmid: 100, name: 'VM 100', status: 'running', cpus: 2, maxmem: 1024 },
    ]);
    expect(ask('/nodes/a/qemu/100/config')).toMatchObject({ cores: 2 });
  });

  it('answers 501 for what the server did not offer', () => {
    const ask = asking({ state: loadWorld({ ...minimal, nodes: { a: { ...node, zfs: null } } }) });
    expect(() => ask('/nodes/a/disks/zfs')).toThrow(/not implemented/);
  });

  it('shows a lost node with its guests unknown', () => {
    const lost = {
      ...withGuest,
      cluster: { resources: [resource, { id: 'node/a', type: 'node', node: 'a', status: 'offline' }] },
    };
    const rows = asking({ state: loadWorld({ ...lost, nodes: { a: null } }) })('/cluster/resources');
    expect(rows).toEqual([
      { id: 'qemu/100', type: 'qemu', vmid: 100, node: 'a', status: 'unknown' },
      { id: 'node/a', type: 'node', node: 'a', status: 'offline', level: '' },
    ]);
  });
});

describe('guests of which little was read', () => {
  it('a row of the list makes the same guest by either road', () => {
    const state = generateState({ seed: 4, nodes: 2, guests: 60, clock: { now: () => 1_700_000_000_000 } });
    // through JSON, as over the wire
    const rows = JSON.parse(JSON.stringify(asking({ state })('/cluster/resources'))) as Record<string, unknown>[];
    const world = (resources: unknown): unknown => ({ format: 1, now: state.start, cluster: { resources } });
    // Perl sometimes writes numbers as text, which takes the careful road
    const careful = rows.map((row) => (row['vmid'] === undefined ? row : { ...row, vmid: String(row['vmid']) }));
    const quick = loadWorld(world(rows));
    expect(quick.guests.size).toBe(60);
    expect(quick).toEqual(loadWorld(world(careful)));
  });

  it('what waits for a restart is told from what is in effect', () => {
    const pending = [
      { key: 'cores', value: 2, pending: 4 },
      { key: 'memory', value: '2048' },
      { key: 'net1', value: 'virtio=BC:24:11:00:00:01,bridge=vmbr0', delete: 1 },
      { key: 'onboot', pending: 1 },
      { key: 'digest', value: 'abc' },
    ];
    // as Proxmox answers without `current`: with what is to come
    const config = { cores: 4, memory: '2048', onboot: 1, digest: 'abc' };
    const state = loadWorld({ ...withGuest, guests: { 'qemu/100': { config, pending } } });
    const ask = asking({ state });
    expect(ask('/nodes/a/qemu/100/config')).toEqual(config);
    expect(ask('/nodes/a/qemu/100/config', { current: 1 })).toMatchObject({ cores: 2, net1: expect.any(String) });
    expect(ask('/nodes/a/qemu/100/pending')).toEqual(expect.arrayContaining(pending));
  });
});

it('whatever is put in the place of a part, the world loads or is refused', async () => {
  const state = generateState({ seed: 1, nodes: 1, guests: 2, clock: { now: () => 1_700_000_000_000 } });
  const world = await exportWorld(reading({ state }), state.start, { history: false });
  const paths = allPaths(world).filter(({ length }) => length < 7);
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
      try {
        loadWorld(replaced(world, path, value));
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidWorld);
      }
    }),
    { numRuns: 200 },
  );
});

function allPaths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).slice(0, 12);
  return [path, ...inner.flatMap(([key, part]) => allPaths(part, [...path, key]))];
}

function replaced(world: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(world) ? [...(world as unknown[])] : { ...(world as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, value);
  return copy;
}
