import { type Cell, dataset, type Draft, draft, given, type Reading } from '@pxa/catalog/kit';
import { advice } from './advice.ts';

const taken = [
  'node',
  'status',
  'maxcpu',
  'vcpus_allocated',
  'vcpu_ratio',
  'mem',
  'maxmem',
  'mem_share',
  'mem_allocated',
  'mem_commit',
  'storage_used',
  'storage_total',
  'storage_share',
] as const;

/** What each node has given away and what it uses; the answer comes with what to do about it. */
export const capacity = dataset({
  id: 'capacity',
  title: 'Capacity',
  counted: 'nodes',
  weight: 4,
  nouns: [
    {
      words:
        'capacity|cluster capacity|capacity analysis|capacity planning|rebalancing|rebalance|load balancing|balance|balancing|load distribution|distribution of (the)? load|(are|is)? (the|our|my)? (load|guests|vms) (well|evenly)? (distributed|balanced)|migration suggestion|rebalancing suggestion|imbalance|hot spot|hotspot',
      title: 'Capacity',
    },
  ],
  rows: capacityRows,
  advice,
  columns: {
    node: given('NODE', 'node', 'text', 'text', { words: 'node', names: 'node' }),
    status: given('STATUS', 'status', 'text', 'text'),
    vcpus_allocated: given('VCPUS', 'vcpus_allocated', 'number', 'vcpus'),
    maxcpu: given('CPUS', 'maxcpu', 'number', 'count'),
    vcpu_ratio: given('VCPU RATIO', 'vcpu_ratio', 'number', 'fraction'),
    mem: given('RAM', 'mem', 'number', 'bytes'),
    maxmem: given('MAX RAM', 'maxmem', 'number', 'bytes'),
    mem_share: given('RAM %', 'mem_share', 'number', 'fraction'),
    mem_allocated: given('RAM ALLOCATED', 'mem_allocated', 'number', 'bytes'),
    mem_commit: given('RAM COMMIT', 'mem_commit', 'number', 'fraction'),
    storage_used: given('STORAGE', 'storage_used', 'number', 'bytes'),
    storage_total: given('STORAGE SIZE', 'storage_total', 'number', 'bytes'),
    storage_share: given('STORAGE %', 'storage_share', 'number', 'fraction'),
  },
  identity: ['node'],
  shown: [
    'node',
    'vcpus_allocated',
    'maxcpu',
    'vcpu_ratio',
    'mem',
    'maxmem',
    'mem_share',
    'mem_commit',
    'storage_share',
  ],
  scopes: { node: 'node' },
  phrases: [
    {
      say: 'analyze|analyse|suggest|suggestion|recommend|recommendation|advise|advice|propose|plan|optimize|optimise|even out|spread|spread out|distribute|redistribute|better|load|between (the)? nodes|across (the)? nodes|between (the)? hosts|how to|should i|migrate|move|to migrate|to move',
    },
  ],
  order: [{ column: 'node', dir: 'asc' }],
});

/** The nodes' own rows, with the figures that capacity is about. */
async function capacityRows(reading: Reading): Promise<Draft[]> {
  const nodes = await reading.rows('nodes');
  return nodes.map((row) => {
    const cells: Record<string, Cell> = {};
    for (const column of taken) cells[column] = reading.cell('nodes', row, column);
    return draft(row.id, row.recs['base'] ?? { unknown: 'the node was not listed' }, cells);
  });
}
