import { asFlag, asList, asText } from '@pxa/pve/values';
import { draft, type Draft, lacksWithheld, pointer, type Reading, type Rec } from '../kit/index.ts';

/** A storage once: where nodes share it, all their records are one place. */
export interface StoragePlace {
  /** As `/cluster/resources` names it: `storage/NODE/ID` of the node that told. */
  readonly id: string;
  readonly storage: string;
  /** The node that told, and that is asked for what stands on it; one that can reach it, where there is one. */
  readonly node: string;
  readonly nodes: readonly string[];
  readonly shared: boolean;
  readonly available: boolean;
  /** Where it stands that the node is gone. */
  readonly down: string | undefined;
  readonly content: readonly string[];
  readonly rec: Rec;
  readonly recs: readonly Rec[];
}

/** All storages of the cluster, from its one list (PVE::API2::Cluster, resources); disabled ones are not in it. */
async function storagePlaces(reading: Reading): Promise<StoragePlace[]> {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) {
    reading.lacks('storages', got.why, got.nextStep);
    return [];
  }
  const groups = new Map<string, Rec[]>();
  for (const rec of got.data) {
    if (rec.data['type'] !== 'storage') continue;
    const name = asText(rec.data['storage']) ?? '';
    const key = asFlag(rec.data['shared']) === true ? name : `${asText(rec.data['node']) ?? ''}/${name}`;
    const group = groups.get(key);
    if (group) group.push(rec);
    else groups.set(key, [rec]);
  }
  if (groups.size === 0) {
    await lacksWithheld(reading, { about: 'storages', privilege: 'Datastore.Audit', path: '/storage' });
  }
  const down = await nodesDown(reading);
  return [...groups.values()].flatMap((recs) => placeOf(recs, down) ?? []);
}

/** Nodes that are gone: for five minutes more Proxmox calls their storages available (pmxcfs, status.c). */
async function nodesDown(reading: Reading): Promise<ReadonlyMap<string, string>> {
  const gone = (await reading.nodes()).filter(({ online }) => !online);
  return new Map(gone.map(({ node, at }) => [node, at]));
}

function placeOf(recs: readonly Rec[], down: ReadonlyMap<string, string>): StoragePlace | undefined {
  const reachable = recs.find(({ data }) => data['status'] === 'available' && !down.has(String(data['node'])));
  const rec = reachable ?? recs[0];
  if (rec === undefined) return undefined;
  const { data } = rec;
  const node = asText(data['node']) ?? '';
  const storage = asText(data['storage']) ?? '';
  return {
    id: asText(data['id']) ?? `storage/${node}/${storage}`,
    storage,
    node,
    nodes: recs.flatMap((each) => asText(each.data['node']) ?? []),
    shared: asFlag(data['shared']) === true,
    available: reachable !== undefined,
    down: down.get(node),
    content: asList(data['content']),
    rec,
    recs,
  };
}

/** A place as a row: `node` and `nodes` are given, the rest is read from its record. */
export function placeRow(place: StoragePlace): Draft {
  const nodes = place.recs.map(({ at }) => pointer(at, 'node')).join(', ');
  return draft(place.id, place.rec, {
    node: { value: place.node, at: pointer(place.rec.at, 'node') },
    nodes: { value: [...place.nodes], at: nodes },
    ...(place.down === undefined ? {} : { status: { value: 'unknown', at: pointer(place.down, 'status') } }),
  });
}

/** The places that a question is about, by what it narrows `storage`, `nodes` and `storage_id` to. */
export async function askedPlaces(reading: Reading): Promise<StoragePlace[]> {
  const storages = reading.only('storage');
  const nodes = reading.only('nodes') ?? reading.only('node');
  const ids = reading.only('storage_id');
  const asked = (place: StoragePlace): boolean =>
    (storages === undefined || storages.includes(place.storage)) &&
    (nodes === undefined || nodes.some((node) => place.nodes.includes(String(node)))) &&
    (ids === undefined || place.recs.some(({ data }) => ids.includes(String(data['id']))));
  return (await storagePlaces(reading)).filter(asked);
}
