import { type Cell, dataset, type Draft, given, is, known, pointer, type Rec } from '../kit/index.ts';
import { numbered, options } from '../guests/config.ts';
import { part, partsOfGuests } from './asked-guests.ts';
import { byGuest, guestColumns, guestScopes } from './guest-columns.ts';

/** The network cards of guests. */
export const guestNics = dataset({
  id: 'guest-nics',
  title: 'Network cards of guests',
  counted: 'count',
  weight: 5,
  nouns: [
    {
      words:
        'nic|network card|network adapter|virtual nic|vnic|guest nic|guest network interface|vm nic|vm network interface|virtual network card',
      title: 'Network cards of guests',
    },
    {
      words: 'used vlan|vlan (are|is)? in use|vlan used|vlan of (the|all)? (guests|guest)|guest vlan',
      where: known('vlan'),
      title: 'VLANs in use',
    },
    ...['virtio', 'e1000', 'e1000e', 'rtl8139', 'vmxnet3'].map((model) => ({
      words: `${model} (nic|network card|network adapter|card)`,
      where: is('model', model),
      title: `${model} cards`,
    })),
    { words: 'network interface|interface|mac|mac address', title: 'Network cards of guests', weak: true },
  ],
  rows: (reading) => partsOfGuests(reading, 'network cards', nicsOf),
  columns: {
    ...guestColumns,
    key: given('NIC', 'key', 'text', 'text', { words: 'name|nic name' }),
    name: given('NAME IN GUEST', 'name', 'text', 'text', { words: 'name in the guest|interface name' }),
    model: given('MODEL', 'model', 'text', 'text', {
      words: 'model|type|card model|nic model',
      values: {
        virtio: 'virtio',
        e1000: 'e1000|intel e1000',
        e1000e: 'e1000e',
        rtl8139: 'rtl8139|realtek',
        vmxnet3: 'vmxnet3',
        veth: 'veth',
      },
    }),
    mac: given('MAC', 'mac', 'text', 'text', { words: 'mac|mac address|hardware address|hwaddr' }),
    bridge: given('BRIDGE', 'bridge', 'text', 'text', { words: 'bridge|vnet|network', names: 'bridge' }),
    vlan: given('VLAN', 'vlan', 'text', 'text', { words: 'vlan|vlan tag|vlan id|tag', names: 'vlan' }),
    tagged: given('TAGGED', 'tagged', 'flag', 'yes_no'),
    trunks: given('TRUNKS', 'trunks', 'list', 'text', { words: 'trunk|trunked vlan' }),
    firewall: given('FIREWALL', 'firewall', 'flag', 'yes_no', {
      words: 'firewall|firewall flag',
      yes: 'with firewall|with the firewall on|firewalled|with firewall enabled',
      no: 'without firewall|without a firewall|with the firewall off|unfirewalled|with firewall disabled',
    }),
    connected: given('CONNECTED', 'connected', 'flag', 'yes_no', {
      words: 'link|connected',
      yes: 'plugged in|with link up',
      no: 'disconnected|unplugged|with link down|not connected',
    }),
    rate_limit: given('RATE LIMIT', 'rate_limit', 'number', 'rate', { words: 'rate limit|limit' }),
    mtu: given('MTU', 'mtu', 'number', 'count', { words: 'mtu' }),
    ip: given('IP', 'ip', 'text', 'text', { words: 'ip|ip address|configured ip|ip setting|address' }),
    gateway: given('GATEWAY', 'gateway', 'text', 'text', { words: 'gateway|default gateway' }),
    config: given('SETTING', 'config', 'text', 'text', { words: 'setting|option' }),
  },
  identity: ['vmid', 'guest_name', 'key'],
  shown: ['vmid', 'guest_name', 'key', 'model', 'mac', 'bridge', 'vlan', 'firewall', 'ip'],
  named: 'key',
  scopes: { ...guestScopes, bridge: 'bridge', vlan: 'vlan' },
  quantities: [{ words: 'rate limit', plain: 'rate_limit' }],
  phrases: [
    {
      say: 'untagged|without (a)? (vlan|vlan tag|tag)',
      where: { op: 'compare', column: 'tagged', is: '=', value: false },
    },
    {
      say: 'tagged|with a vlan|with a vlan tag|in a vlan',
      where: { op: 'compare', column: 'tagged', is: '=', value: true },
      focus: ['bridge', 'vlan'],
    },
    {
      say: '(with|having)? (a)? static (ip|address)',
      where: { op: 'text', column: 'ip', how: 'contains', text: '.' },
      focus: ['ip'],
    },
    { say: '(with|using)? dhcp', where: { op: 'compare', column: 'ip', is: '=', value: 'dhcp' }, focus: ['ip'] },
  ],
  order: [...byGuest, { column: 'key', dir: 'asc' }],
});

function nicsOf(config: Rec, guest: Draft): Draft[] {
  return numbered(config.data, 'net').map(({ key, index, value }) => {
    const cells = cellsOf(value, pointer(config.at, key));
    const ipconfig = config.data[`ipconfig${index}`];
    const set = options(ipconfig);
    const at = pointer(config.at, `ipconfig${index}`);
    const cloudInit =
      ipconfig === undefined ? {} : { ...cellOf('ip', set['ip'], at), ...cellOf('gateway', set['gw'], at) };
    return part(`${guest.id}/${key}`, config, guest, {
      key: { value: key, at: pointer(config.at, key) },
      ...cells,
      ...cloudInit,
    });
  });
}

const mac = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** `virtio=BC:…,bridge=vmbr0,tag=20` of a VM, `name=eth0,bridge=vmbr0,hwaddr=BC:…` of a container. */
function cellsOf(value: string, at: string): Record<string, Cell> {
  const set = options(value, 'model');
  const [model] = Object.entries(set).find(([, text]) => mac.test(text)) ?? [];
  const isVm = model !== undefined && model !== 'hwaddr' && model !== 'macaddr';
  const trunks = (set['trunks'] ?? '').split(';').filter(Boolean);
  return {
    ...cellOf('model', isVm ? model : (set['model'] ?? set['type']), at),
    ...cellOf('mac', (model === undefined ? undefined : set[model])?.toUpperCase(), at),
    ...cellOf('name', set['name'], at),
    // What is not set is known to be nothing.
    bridge: { value: set['bridge'] ?? '', at },
    vlan: { value: set['tag'] ?? '', at },
    ...cellOf('mtu', set['mtu'] === undefined ? undefined : Number(set['mtu']), at),
    // Proxmox counts a rate in MB/s, of 1024² bytes (PVE::Network, tap_rate_limit).
    ...cellOf('rate_limit', set['rate'] === undefined ? undefined : Number(set['rate']) * 1024 ** 2, at),
    ip: { value: set['ip'] ?? '', at },
    gateway: { value: set['gw'] ?? '', at },
    tagged: { value: set['tag'] !== undefined, at },
    trunks: { value: trunks, at },
    firewall: { value: set['firewall'] === '1', at },
    connected: { value: set['link_down'] !== '1', at },
    config: { value, at },
  };
}

function cellOf(key: string, value: string | number | undefined, at: string): Record<string, Cell> {
  return value === undefined ? {} : { [key]: { value, at } };
}
