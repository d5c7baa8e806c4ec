import type { Advice, Draft, Reading } from '@pxa/catalog/kit';
import { balance, type Host, type Limits, type Load, type Move } from './balance.ts';

const gib = 1024 ** 3;
const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** How many guests may be asked whether they can move; each costs a call. */
const mostAsked = 6;

/**
 * Migrations that would even out the nodes, each checked against Proxmox's own preconditions, and headroom that runs
 * low. No target is brought past its thresholds.
 */
export async function advice(reading: Reading, { memory, cpu }: { memory: number; cpu: number }): Promise<Advice[]> {
  const hosts = await hostsOf(reading);
  const guests = await reading.rows('guests');
  const loads = guests.map((row) => loadOf(reading, row)).filter((load) => load !== undefined);
  const limits: Limits = { memory, cpu, mostMoves: 3, leastGain: 0.02 };
  const refused = new Set<string>();
  let asked = 0;
  for (;;) {
    const moves = balance(
      hosts,
      loads,
      limits,
      (load, to) => !refused.has(load.id) && !refused.has(`${load.id} ${to}`),
    );
    const doubtful = await firstRefused(reading, guests, moves);
    if (doubtful === undefined || ++asked > mostAsked) {
      return [
        ...moves.filter(({ id }) => asked <= mostAsked || !refused.has(id)).map((move) => says(reading, guests, move)),
        ...commitments(reading, await reading.rows('nodes')),
      ];
    }
    refused.add(doubtful);
  }
}

async function hostsOf(reading: Reading): Promise<Host[]> {
  const rows = await reading.rows('nodes');
  return rows.flatMap((row) => {
    const number = (column: string): number => Number(reading.cell('nodes', row, column).value ?? Number.NaN);
    const host = {
      node: row.id.replace('node/', ''),
      mem: number('mem'),
      maxmem: number('maxmem'),
      cpu: number('cpu_used'),
      maxcpu: number('maxcpu'),
    };
    return Object.values(host).some((value) => Number.isNaN(value)) ? [] : [host];
  });
}

function loadOf(reading: Reading, row: Draft): Load | undefined {
  const value = (column: string): unknown => reading.cell('guests', row, column).value;
  if (value('status') !== 'running') return undefined;
  const [mem, cpu, node] = [value('mem'), value('cpu_used'), value('node')];
  if (typeof mem !== 'number' || typeof cpu !== 'number' || typeof node !== 'string') return undefined;
  return { id: row.id, node, mem, cpu };
}

/** The first proposed move that Proxmox would refuse: a guest with local resources, or a node that lacks its storage. */
async function firstRefused(
  reading: Reading,
  guests: readonly Draft[],
  moves: readonly Move[],
): Promise<string | undefined> {
  for (const { id, from, to } of moves) {
    const [type, vmid] = id.split('/');
    if (type !== 'qemu' || !guests.some((row) => row.id === id)) continue;
    const got = await reading.read('/nodes/{node}/qemu/{vmid}/migrate', { node: from, vmid: Number(vmid) });
    if (!got.ok) continue;
    const data: Readonly<Record<string, unknown>> = { ...got.data };
    const local = data['local_resources'];
    if (Array.isArray(local) && local.length > 0) return id;
    const allowed = data['allowed_nodes'];
    if (Array.isArray(allowed) && allowed.length > 0 && !allowed.includes(to)) return `${id} ${to}`;
  }
  return undefined;
}

function says(reading: Reading, guests: readonly Draft[], move: Move): Advice {
  const row = guests.find(({ id }) => id === move.id);
  const cell = (column: string): unknown => (row ? reading.cell('guests', row, column).value : null);
  const type = move.id.startsWith('lxc/') ? 'container' : 'VM';
  const vmid = move.id.split('/')[1] ?? '';
  const evidence = row ? ['mem', 'maxmem', 'maxcpu'].map((column) => reading.cell('guests', row, column).at) : [];
  return {
    severity: 'info',
    code: 'advice.migrate',
    about: move.id,
    text:
      `Migrate ${type} ${vmid} (${String(cell('name'))}, ${String(cell('maxcpu'))} vCPU, ${(Number(cell('mem')) / gib).toFixed(1)} GB in use) ` +
      `from ${move.from} to ${move.to}: memory there goes from ${percent(move.toBefore)} to ${percent(move.toAfter)}, on ${move.from} from ${percent(move.fromBefore)} to ${percent(move.fromAfter)}.`,
    next_step: `Say “migrate ${vmid} to ${move.to}”.`,
    evidence,
  };
}

/** Nodes that have promised more memory than they have. */
function commitments(reading: Reading, nodes: readonly Draft[]): Advice[] {
  return nodes.flatMap((row) => {
    const commit = reading.cell('nodes', row, 'mem_commit');
    if (typeof commit.value !== 'number' || commit.value <= 1) return [];
    return [
      {
        severity: 'warning' as const,
        code: 'advice.overcommitted',
        about: row.id,
        text: `${row.id.replace('node/', '')} has given its running guests ${percent(commit.value)} of its memory: if all of them use it, it does not suffice.`,
        next_step: 'Give guests less memory, or move some away.',
        evidence: [commit.at],
      },
    ];
  });
}
