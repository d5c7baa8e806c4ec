import type { Guest, Snapshot } from '../state/model.ts';
import { makeContainer, makeVm, type GuestPlan } from './made-guest.ts';
import type { Random } from './random.ts';
import type { Times } from './times.ts';

const DAY = 86_400;

/** A kind of server: its sizes in GiB, its usual load, and whether it is a container. */
interface Role {
  name: string;
  tag: string;
  container: boolean;
  cores: [number, ...number[]];
  memory: [number, ...number[]];
  disk: [number, ...number[]];
  busy: number;
  full: number;
}

const ROLES: [Role, ...Role[]] = [
  role('web', 'web', { cores: [2, 4], memory: [4, 8], disk: [32, 40], busy: 0.22, full: 0.55 }),
  role('api', 'web', { cores: [4, 8], memory: [8, 16], disk: [40, 60], busy: 0.31, full: 0.6 }),
  role('db', 'database', { cores: [4, 8, 16], memory: [16, 32, 64], disk: [200, 500], busy: 0.28, full: 0.86 }),
  role('cache', 'cache', { cores: [2, 4], memory: [8, 16], disk: [20, 32], busy: 0.12, full: 0.8 }),
  role('queue', 'messaging', { cores: [2, 4], memory: [4, 8], disk: [60, 100], busy: 0.15, full: 0.5 }),
  role('worker', 'batch', { cores: [4, 8], memory: [8, 16], disk: [40, 80], busy: 0.55, full: 0.65 }),
  role('search', 'search', { cores: [4, 8], memory: [16, 32], disk: [200, 400], busy: 0.35, full: 0.82 }),
  role('files', 'storage', { cores: [2, 4], memory: [4, 8], disk: [400, 800], busy: 0.08, full: 0.4 }),
  role('build', 'ci', { cores: [4, 8], memory: [8, 16], disk: [80, 160], busy: 0.4, full: 0.45 }),
  { ...role('proxy', 'web', { cores: [1, 2], memory: [1, 2], disk: [8], busy: 0.09, full: 0.35 }), container: true },
  { ...role('dns', 'dns', { cores: [1], memory: [0.5, 1], disk: [4, 8], busy: 0.04, full: 0.3 }), container: true },
  { ...role('mail', 'mail', { cores: [2], memory: [2, 4], disk: [20, 40], busy: 0.07, full: 0.5 }), container: true },
  {
    ...role('metrics', 'monitoring', { cores: [2, 4], memory: [4], disk: [40], busy: 0.2, full: 0.7 }),
    container: true,
  },
  { ...role('vpn', 'network', { cores: [1], memory: [0.5], disk: [4], busy: 0.05, full: 0.25 }), container: true },
];

function role(name: string, tag: string, sizes: Omit<Role, 'name' | 'tag' | 'container'>): Role {
  return { name, tag, container: false, ...sizes };
}

export const PRODUCTS = [
  'shop',
  'billing',
  'crm',
  'wiki',
  'portal',
  'logistics',
  'hr',
  'media',
  'analytics',
  'intranet',
] as const;

const ENVIRONMENTS: [string, string, number][] = [
  ['prod', 'env-production', 0.6],
  ['stage', 'env-staging', 0.8],
  ['dev', 'env-development', 1],
];

const TEMPLATES: [string, string, 'debian' | 'ubuntu'][] = [
  ['debian-12-cloud', 'debian', 'debian'],
  ['ubuntu-24.04-cloud', 'ubuntu', 'ubuntu'],
];

/** A generated guest and the product that it belongs to. */
export interface MadeGuest {
  guest: Guest;
  pool: string | undefined;
  production: boolean;
}

/** `count` guests with names of their roles, spread evenly over the nodes; two of them are templates if there is room. */
export function generateGuests(random: Random, count: number, nodes: readonly string[], times: Times): MadeGuest[] {
  const numbers = new Map<string, number>();
  const made: MadeGuest[] = [];
  const templates = count >= 10 ? TEMPLATES.length : 0;
  for (let i = 0; i < count - templates; i++) {
    const node = nodes[i % nodes.length] ?? '';
    made.push(generateGuest(random, { vmid: 100 + i, node, index: i, numbers, times }));
  }
  TEMPLATES.slice(0, templates).forEach(([name, user, ostype], index) => {
    const vmid = Math.max(9000, 100 + count) + index;
    made.push({
      guest: template({ vmid, name, user, ostype, node: nodes[0] ?? '' }, times),
      pool: undefined,
      production: false,
    });
  });
  return made;
}

interface Place {
  vmid: number;
  node: string;
  index: number;
  numbers: Map<string, number>;
  times: Times;
}

function generateGuest(random: Random, { vmid, node, index, numbers, times }: Place): MadeGuest {
  const kind = random.pick(ROLES);
  const product = random.pick(PRODUCTS);
  const dice = random.next();
  const [short, environment] = ENVIRONMENTS.find(([, , limit]) => dice < limit) ?? ['prod', 'env-production'];
  const base = `${product}-${kind.name}-${short}`;
  const number = (numbers.get(base) ?? 0) + 1;
  numbers.set(base, number);
  const production = short === 'prod';
  const cores = random.pick(kind.cores);
  const memory = random.pick(kind.memory);
  const disk = random.pick(kind.disk);
  const running = random.chance(production ? 0.97 : 0.8);
  const plan: GuestPlan = {
    vmid,
    name: `${base}-${String(number).padStart(2, '0')}`,
    node,
    cores,
    memory,
    disk,
    storage: random.chance(0.6) ? 'ceph-vm' : 'local-zfs',
    uptime: running ? random.whole(3600, 90 * DAY) : 0,
    cpu: cores * Math.min(0.95, kind.busy * random.between(0.3, 1.8)),
    used: memory * Math.min(0.96, kind.full * random.between(0.7, 1.15)),
    rootUsed: kind.container ? disk * random.between(0.15, 0.85) : 0,
    tags: [environment, kind.tag, product].sort().join(';'),
    vlan: 10 * (1 + PRODUCTS.indexOf(product)),
    address: `10.${20 + Math.floor(index / 60_000)}.${Math.floor(index / 240) % 250}.${2 + (index % 240)}`,
    config: { onboot: production ? 1 : 0, ...(kind.container ? {} : { agent: '1' }) },
    snapshots: snapshots(random, times, kind.container),
  };
  const guest = kind.container ? makeContainer(plan, times.now) : makeVm(plan, times.now);
  return { guest, pool: random.chance(0.9) ? product : undefined, production };
}

const REASONS = [
  ['before-upgrade', 'before the upgrade'],
  ['clean', 'freshly set up'],
  ['release', 'before the release'],
] as const;

/** One guest in six has snapshots, a few of them old. */
function snapshots(random: Random, times: Times, container: boolean): Snapshot[] {
  if (!random.chance(1 / 6)) return [];
  const taken: Snapshot[] = [];
  let age = random.between(20, 300);
  for (const [name, description] of REASONS.slice(0, random.whole(1, 3))) {
    const parent = taken[taken.length - 1]?.name;
    const state = container ? {} : { vmstate: 0 as const };
    taken.push({ name, description, snaptime: times.ago({ hours: Math.floor(age * 24) }), parent, ...state });
    age *= random.between(0.1, 0.6);
  }
  return [...taken, { name: 'current', snaptime: 0, description: '', parent: taken[taken.length - 1]?.name }];
}

function template(
  { vmid, name, user, node }: { vmid: number; name: string; user: string; ostype: string; node: string },
  times: Times,
): Guest {
  const config = {
    agent: '1',
    boot: 'order=scsi0',
    ciuser: user,
    ipconfig0: 'ip=dhcp',
    serial0: 'socket',
    template: 1,
  };
  const plan = {
    vmid,
    name,
    node,
    cores: 2,
    memory: 2,
    disk: 3,
    storage: 'ceph-vm',
    uptime: 0,
    tags: 'template',
    config,
  };
  return makeVm(plan, times.now);
}
