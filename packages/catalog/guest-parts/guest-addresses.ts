import { type Cell, dataset, type Draft, given, is, type Reading } from '../kit/index.ts';
import { guestAddresses } from '../guests/addresses.ts';
import { configOf, interfacesOf, isVm, runs } from '../guests/rows.ts';
import { askedGuests, nameOf, part } from './asked-guests.ts';
import { byGuest, guestColumns } from './guest-columns.ts';

/** The addresses of guests: what they report, else what their configuration sets. */
export const guestAddressList = dataset({
  id: 'guest-addresses',
  title: 'IP addresses of guests',
  counted: 'count',
  weight: 4,
  nouns: [
    {
      words:
        'guest address|guest ip|vm ip|container ip|guest ip address|vm ip address|container ip address|ip address of a guest',
      title: 'IP addresses of guests',
    },
    { words: 'ip address|ip|address', title: 'IP addresses of guests', weak: true },
    { words: 'ipv4 address|ipv4', where: is('family', 'ipv4'), title: 'IPv4 addresses of guests', weak: true },
    { words: 'ipv6 address|ipv6', where: is('family', 'ipv6'), title: 'IPv6 addresses of guests', weak: true },
  ],
  rows: addressRows,
  columns: {
    ...guestColumns,
    address: given('ADDRESS', 'address', 'text', 'text', { words: 'address|ip|ip address' }),
    prefix: given('PREFIX', 'prefix', 'number', 'count', { words: 'prefix|netmask|prefix length' }),
    family: given('FAMILY', 'family', 'text', 'text', {
      words: 'family|ip version',
      values: { ipv4: 'ipv4|v4|ip v4', ipv6: 'ipv6|v6|ip v6' },
    }),
    iface: given('INTERFACE', 'iface', 'text', 'text', { words: 'interface|network card' }),
    mac: given('MAC', 'mac', 'text', 'text'),
    source: given('TOLD BY', 'source', 'text', 'text', {
      words: 'source|told by',
      values: { guest: 'reported|reported by the guest|live', config: 'configured|set in the configuration' },
    }),
  },
  identity: ['vmid', 'guest_name', 'address'],
  shown: ['vmid', 'guest_name', 'guest_type', 'iface', 'address', 'prefix', 'source'],
  named: 'address',
  form: { column: 'address', pattern: /^\d{1,3}(\.\d{1,3}){3}$/ },
  // Without nodes: "the address of pve1" is the node's own.
  scopes: { guest: 'guest', pool: 'pool', tag: 'tags' },
  order: [...byGuest, { column: 'family', dir: 'asc' }],
});

/** One call a guest that runs; its configuration is read too, for those that report nothing. */
async function addressRows(reading: Reading): Promise<Draft[]> {
  const lists = await reading.each(await askedGuests(reading), async (guest) => {
    const interfaces = await interfacesOf(reading, guest);
    const row = { ...guest, recs: { ...guest.recs, interfaces } };
    let found = guestAddresses(row);
    if ('unknown' in found || found.length === 0) {
      found = guestAddresses({ ...row, recs: { ...row.recs, config: await configOf(reading, guest) } });
    }
    if ('unknown' in found) {
      reading.lacks(`addresses of ${nameOf(guest)}`, found.unknown, hint(guest));
      return [];
    }
    return unique(found).map((each) => {
      const cell = (value: Cell['value']): Cell => ({ value, at: each.at });
      return part(`${guest.id}/ip/${each.address}`, { data: {}, at: each.at }, guest, {
        address: cell(each.address),
        family: cell(each.family),
        iface: cell(each.iface),
        source: cell(each.source),
        ...(each.mac === undefined ? {} : { mac: cell(each.mac) }),
        ...(each.prefix === undefined ? {} : { prefix: cell(each.prefix) }),
      });
    });
  });
  return lists.flat();
}

/** One row for one address, though it may stand on two interfaces. */
function unique<T extends { readonly address: string }>(found: readonly T[]): T[] {
  return [...new Map(found.map((each) => [each.address, each])).values()];
}

function hint(guest: Draft): string | undefined {
  return isVm(guest) && runs(guest) ? 'Install and enable the QEMU guest agent in it.' : undefined;
}
