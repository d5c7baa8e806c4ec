import { asObject, asText } from '@pxa/pve/values';
import { bytes, count, dataset, draft, type Draft, given, oneOf, pointer, type Reading, text } from '../kit/index.ts';

/** What is in pools: guests and storages, one call a pool. */
export const poolMembers = dataset({
  id: 'pool-members',
  title: 'Pool members',
  counted: 'count',
  weight: 14,
  nouns: [
    {
      words: 'pool member|member of a pool|resource pool member|who is in|what is in|content of (the)? pool',
      title: 'Pool members',
    },
    { words: 'member', title: 'Pool members', weak: true },
  ],
  rows,
  columns: {
    member: text('ID', 'id', { words: 'id' }),
    name: given('NAME', 'name', 'text', 'text', { words: 'name' }),
    pool: given('POOL', 'pool', 'text', 'text', { words: 'pool', names: 'pool' }),
    type: text('TYPE', 'type', {
      words: 'type|kind',
      values: { qemu: 'vm member', lxc: 'container member', storage: 'storage member' },
    }),
    guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
    storage: text('STORAGE', 'storage', { names: 'storage' }),
    node: text('NODE', 'node', { words: 'node|host', names: 'node' }),
    status: text('STATUS', 'status', {
      words: 'status|state',
      values: { running: 'running|up', stopped: 'stopped|down', available: 'available' },
    }),
    maxmem: bytes('MAX MEM', 'maxmem'),
    mem: bytes('MEM', 'mem'),
    maxcpu: count('VCPUS', 'maxcpu'),
  },
  identity: ['pool', 'member', 'name'],
  shown: ['pool', 'member', 'name', 'type', 'node', 'status'],
  named: 'name',
  scopes: { pool: 'pool' },
  phrases: [{ say: 'guest members', where: oneOf('type', 'qemu', 'lxc') }],
  order: [
    { column: 'pool', dir: 'asc' },
    { column: 'member', dir: 'asc' },
  ],
});

async function rows(reading: Reading): Promise<Draft[]> {
  const only = reading.only('pool');
  const pools = (await reading.rows('pools')).filter(({ id }) => only === undefined || only.includes(id.slice(5)));
  const lists = await reading.each(pools, ({ id }) => membersOf(reading, id.slice('pool/'.length)));
  return lists.flat();
}

async function membersOf(reading: Reading, pool: string): Promise<Draft[]> {
  // With `poolid` the list has one pool, members included; the route with the name in its path is the older form.
  const got = await reading.list('/pools', { poolid: pool });
  const record = got.ok ? got.data[0] : undefined;
  if (!got.ok || record === undefined) {
    reading.lacks(`members of ${pool}`, got.ok ? 'Proxmox does not show the pool' : got.why);
    return [];
  }
  const members = Array.isArray(record.data['members']) ? record.data['members'] : [];
  return members.flatMap((member: unknown, index) => {
    const data = asObject(member);
    if (data === null) return [];
    const at = pointer(record.at, 'members', index);
    const id = asText(data['id']) ?? '';
    const isGuest = data['type'] === 'qemu' || data['type'] === 'lxc';
    const nameKey = isGuest ? 'name' : 'storage';
    return [
      draft(
        id,
        { data, at },
        {
          pool: { value: pool, at: pointer(record.at, 'poolid') },
          name: { value: asText(data[nameKey]) ?? id, at: pointer(at, nameKey) },
          ...(isGuest ? { guest: { value: id, at: pointer(at, 'id') } } : {}),
        },
      ),
    ];
  });
}
