import { asNumber } from '@pxa/pve/values';
import {
  baseText,
  type Cell,
  detail,
  type DetailReader,
  draft,
  type Draft,
  pointer,
  type Reading,
  type Rec,
  type RowsReader,
  unknownCell,
} from '../kit/index.ts';

/**
 * All nodes with what the cluster's one list tells of each: its own figures, its guests, and its main storage for
 * guests. One call, however many nodes and guests there are.
 */
export const nodeRows: RowsReader = async (reading) => {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) {
    reading.lacks('nodes', got.why, got.nextStep);
    return [];
  }
  const onNode = byNode(got.data);
  return got.data
    .filter(({ data }) => data['type'] === 'node')
    .map((rec) => {
      const here = onNode.get(String(rec.data['node'])) ?? [];
      return draft(`node/${String(rec.data['node'])}`, rec, { ...guestCells(here, got.at), ...storageCells(here) });
    });
};

function byNode(recs: readonly Rec[]): Map<string, Rec[]> {
  const found = new Map<string, Rec[]>();
  for (const rec of recs) {
    const node = String(rec.data['node']);
    const list = found.get(node);
    if (list) list.push(rec);
    else found.set(node, [rec]);
  }
  return found;
}

/** A field as a number; what is missing or no number is unknown, and never 0. */
function number(rec: Rec, key: string): Cell {
  const value = asNumber(rec.data[key]);
  return value === null ? unknownCell(`Proxmox gave no ${key}`) : { value, at: pointer(rec.at, key) };
}

/** What the guests of a node are and have been given; templates run nowhere and are left out. */
function guestCells(here: readonly Rec[], listAt: string): Record<string, Cell> {
  const guests = here.filter(
    ({ data }) => (data['type'] === 'qemu' || data['type'] === 'lxc') && Number(data['template'] ?? 0) !== 1,
  );
  const count = (which: readonly Rec[]): Cell => ({ value: which.length, at: `count of ${listAt}: ${places(which)}` });
  const sum = (which: readonly Rec[], key: string): Cell => {
    const values = which.map((rec) => asNumber(rec.data[key]));
    const known = values.filter((value) => value !== null);
    if (known.length < values.length) return unknownCell(`Proxmox gave no ${key} of some of its guests`);
    const value = known.reduce((total, each) => total + each, 0);
    return { value, at: `sum of ${key} in ${listAt}: ${places(which, key)}` };
  };
  const running = guests.filter(({ data }) => data['status'] === 'running');
  const of = (type: string, list: readonly Rec[]): Rec[] => list.filter(({ data }) => data['type'] === type);
  return {
    guests: count(guests),
    guests_running: count(running),
    vms: count(of('qemu', guests)),
    vms_running: count(of('qemu', running)),
    cts: count(of('lxc', guests)),
    cts_running: count(of('lxc', running)),
    vcpus_allocated: sum(running, 'maxcpu'),
    mem_allocated: sum(running, 'maxmem'),
    guest_ids: {
      value: guests.map(({ data }) => `${String(data['type'])}/${String(data['vmid'])}`),
      at: `ids in ${listAt}: ${places(guests)}`,
    },
  };
}

const mostPlaces = 20;

function places(recs: readonly Rec[], key?: string): string {
  if (recs.length === 0) return 'none';
  const shown = recs.slice(0, mostPlaces).map(({ at }) => (key === undefined ? at : pointer(at, key)));
  return shown.join(', ') + (recs.length > mostPlaces ? `, and ${recs.length - mostPlaces} more` : '');
}

/** The node's largest own storage for guests' disks (else the largest shared one), which is what fills up first. */
function storageCells(here: readonly Rec[]): Record<string, Cell> {
  const forGuests = here.filter(
    ({ data }) =>
      data['type'] === 'storage' && /\b(images|rootdir)\b/.test(String(data['content'])) && Number(data['maxdisk']) > 0,
  );
  const own = forGuests.filter(({ data }) => Number(data['shared'] ?? 0) !== 1);
  const [largest] = (own.length > 0 ? own : forGuests).sort(
    (a, b) => Number(b.data['maxdisk']) - Number(a.data['maxdisk']),
  );
  if (largest === undefined) {
    const none = unknownCell(
      'no storage for guests’ disks is listed: there is none, or Datastore.Audit on it is missing',
    );
    return { storage: none, storage_used: none, storage_total: none };
  }
  return {
    storage: { value: String(largest.data['storage']), at: pointer(largest.at, 'storage') },
    storage_used: number(largest, 'disk'),
    storage_total: number(largest, 'maxdisk'),
  };
}

type NodePath = `/nodes/{node}/${'status' | 'time' | 'subscription' | 'dns' | 'config'}`;

// An offline node would cost each of these reads its time limit.
const online = (row: Draft): { node: string } | { unknown: string } => {
  const node = baseText(row, 'node');
  return baseText(row, 'status') === 'online' ? { node } : { unknown: `node ${node} is offline` };
};
const ofNode = (path: NodePath): DetailReader => detail(path, online);

export const statusOf = ofNode('/nodes/{node}/status');
export const timeOf = ofNode('/nodes/{node}/time');
export const subscriptionOf = ofNode('/nodes/{node}/subscription');
export const dnsOf = ofNode('/nodes/{node}/dns');
export const nodeConfigOf = ofNode('/nodes/{node}/config');

/** The node's system services, as one record `{ services: […] }`. */
export async function servicesOf(reading: Reading, row: Draft): Promise<Rec | { unknown: string }> {
  const node = online(row);
  if ('unknown' in node) return node;
  const got = await reading.list('/nodes/{node}/services', node);
  return got.ok ? { data: { services: got.data.map(({ data }) => data) }, at: got.at } : { unknown: got.why };
}
