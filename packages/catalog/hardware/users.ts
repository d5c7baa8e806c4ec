import { asText } from '@pxa/pve/values';
import { type DetailReader, isUnknown, pointer, type Reading, type Rec } from '../kit/index.ts';
import { numbered, options } from '../guests/config.ts';

/**
 * The guests of a device's node that have it passed through: `guests` are their row ids, `places` where it is read.
 * One call for each VM of that node. A device that is passed through by a mapping is found by the mapping's name, which
 * tells of its address only in `/cluster/mapping/pci`.
 */
export const usersOf: DetailReader = async (reading, row) => {
  const base = row.recs['base'];
  if (base === undefined || isUnknown(base)) return { unknown: 'the device was not listed' };
  const node = String(row.given['node']?.value ?? '');
  const address = String(base.data['id']);
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) return { unknown: got.why };
  const vms = got.data.filter(({ data }) => data['type'] === 'qemu' && data['node'] === node);
  const mapped = await mappingsOf(reading, node, address);
  const found = await reading.each(vms, (vm) => placesIn(reading, vm, node, address, mapped));
  const unread = found.find((each) => 'unknown' in each);
  if (unread && 'unknown' in unread) return unread;
  const places = found.flatMap((each) => ('unknown' in each ? [] : each.places));
  const users = found.flatMap((each) => ('unknown' in each || each.places.length === 0 ? [] : [each.guest]));
  return { data: { guests: users, places: places.join(', ') }, at: got.at };
};

interface Places {
  readonly guest: string;
  readonly places: readonly string[];
}

async function placesIn(
  reading: Reading,
  vm: Rec,
  node: string,
  address: string,
  mapped: ReadonlySet<string>,
): Promise<Places | { unknown: string }> {
  const vmid = Number(vm.data['vmid']);
  const got = await reading.read('/nodes/{node}/qemu/{vmid}/config', { node, vmid });
  if (!got.ok) return { unknown: got.why };
  // A guest's configuration is an object of settings.
  const config = got.data as unknown as Record<string, unknown>;
  const devices = numbered(config, 'hostpci').filter(({ value }) => names(value, address, mapped));
  return { guest: `qemu/${vmid}`, places: devices.map(({ key }) => pointer(got.at, key)) };
}

/** `0000:c1:00.0,pcie=1`, `c1:00` (all functions), `01:00.0;01:00.1`, `mapping=gpu`. */
function names(value: string, address: string, mapped: ReadonlySet<string>): boolean {
  const set = options(value, 'host');
  if (set['mapping'] !== undefined) return mapped.has(set['mapping']);
  return (set['host'] ?? '').split(';').some((host) => covers(host, address));
}

function covers(host: string, address: string): boolean {
  const full = /^[0-9a-f]{4}:/i.test(host) ? host : `0000:${host}`;
  return (
    full.toLowerCase() === address.toLowerCase() || `${full}.`.toLowerCase() === address.slice(0, -1).toLowerCase()
  );
}

/** The names of mappings that hold the device; none where they cannot be read. */
async function mappingsOf(reading: Reading, node: string, address: string): Promise<ReadonlySet<string>> {
  const got = await reading.list('/cluster/mapping/pci', {});
  if (!got.ok) return new Set();
  const holds = ({ data }: Rec): boolean => {
    const maps = Array.isArray(data['map']) ? data['map'].map(String) : [];
    return maps.some((map) => {
      const set = options(map);
      return set['node'] === node && (set['path'] ?? '').split(';').some((path) => covers(path, address));
    });
  };
  return new Set(got.data.filter(holds).map(({ data }) => asText(data['id']) ?? ''));
}
