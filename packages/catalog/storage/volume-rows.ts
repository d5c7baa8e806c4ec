import { asText } from '@pxa/pve/values';
import { type Cell, draft, type Draft, pointer, type Reading, type Rec } from '../kit/index.ts';
import { askedPlaces, type StoragePlace } from './places.ts';

/**
 * What stands on the storages that a question is about, each storage read once, by one call a kind of content where
 * `kinds` names some that the storage takes, else by one for all. Storages that cannot be read cost their rows.
 */
export async function volumeRows(reading: Reading, kinds: readonly string[], about: string): Promise<Draft[]> {
  const wanted = narrowedKinds(reading, kinds);
  const lists = await reading.each(await askedPlaces(reading), async (place) => {
    const offered = wanted.filter((kind) => place.content.includes(kind));
    if (offered.length === 0) return [];
    if (!place.available) {
      reading.lacks(`${about} on ${place.storage} of ${place.node}`, whyUnreachable(place));
      return [];
    }
    // One call for all kinds costs less than one a kind; only a single kind is asked for by itself.
    const content = offered.length === 1 ? { content: offered[0] ?? '' } : {};
    const got = await reading.list('/nodes/{node}/storage/{storage}/content', {
      node: place.node,
      storage: place.storage,
      ...content,
      ...ownerOf(reading),
    });
    if (!got.ok) {
      reading.lacks(`${about} on ${place.storage} of ${place.node}`, got.why, got.nextStep);
      return [];
    }
    return got.data.filter(({ data }) => wanted.includes(String(data['content']))).map((rec) => volumeRow(rec, place));
  });
  return lists.flat();
}

function narrowedKinds(reading: Reading, kinds: readonly string[]): readonly string[] {
  const only = reading.only('content');
  return only === undefined ? kinds : kinds.filter((kind) => only.includes(kind));
}

/** Proxmox filters by one owner itself. */
function ownerOf(reading: Reading): { vmid?: number } {
  const ids = reading.only('vmid') ?? reading.only('guest')?.map((id) => String(id).replace(/^\w+\//, ''));
  const vmid = ids?.length === 1 ? Number(ids[0]) : Number.NaN;
  return Number.isInteger(vmid) ? { vmid } : {};
}

function volumeRow(rec: Rec, place: StoragePlace): Draft {
  const volid = asText(rec.data['volid']) ?? '';
  const kind = rec.data['content'] === 'backup' ? 'backup' : 'volume';
  const where = place.shared ? volid : `${place.node}/${volid}`;
  return draft(`${kind}/${where}`, rec, {
    storage: at(place.storage, place, 'storage'),
    storage_id: at(place.id, place, 'id'),
    storage_type: at(asText(place.rec.data['plugintype']), place, 'plugintype'),
    node: at(place.node, place, 'node'),
    nodes: {
      value: [...place.nodes],
      at: place.recs.map((each) => pointer(each.at, 'node')).join(', '),
    },
    shared: at(place.shared, place, 'shared'),
    name: { value: nameOf(volid), at: pointer(rec.at, 'volid') },
  });
}

function at(value: Cell['value'], place: StoragePlace, key: string): Cell {
  return { value, at: pointer(place.rec.at, key) };
}

/** `local:iso/debian.iso` → `debian.iso`; a disk's name stays as it is, with the base that it is cloned from. */
function nameOf(volid: string): string {
  const name = volid.slice(volid.indexOf(':') + 1);
  return name.replace(/^(iso|vztmpl|backup|snippets|import)\//, '');
}

function whyUnreachable({ storage, node, down }: StoragePlace): string {
  return down === undefined ? `${storage} does not answer on ${node}` : `node ${node} is offline`;
}
