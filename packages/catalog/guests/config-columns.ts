import { asText } from '@pxa/pve/values';
import {
  type Cell,
  type ColumnDef,
  count,
  type Draft,
  extracted,
  flag,
  isUnknown,
  pointer,
  text,
  unknownCell,
} from '../kit/index.ts';
import { addressesOf } from './addresses.ts';
import { isOn, numbered, options, vmText } from './config.ts';
import { recText } from './rows.ts';

/** The CPU types that people ask for by name; the word alone ("host") would say too little. */
const cpuTypes = Object.fromEntries(
  ['host', 'kvm64', 'qemu64', 'max', 'x86-64-v2', 'x86-64-v2-AES', 'x86-64-v3', 'x86-64-v4'].map((type) => [
    type,
    `(with|using|use)? (the)? (cpu|processor) (type|model)? (is|of|set to)? ${type}|(with|using|use)? (the|a)? ${type} (cpu|processor) (type|model)?`,
  ]),
);

const windows = /^w(in|xp|2k|vista)/;

/** The columns that only a guest's configuration tells: one call a guest, made for those that the question leaves over. */
export const configColumns: Record<string, ColumnDef> = {
  ostype: text('OS TYPE', 'ostype', { from: 'config', words: 'os|operating system|os type|ostype', absent: 'other' }),
  windows: extracted('WINDOWS', 'flag', 'yes_no', 'config', (data) => ({
    value: windows.test(String(data['ostype'] ?? '')),
    keys: ['ostype'],
  })),
  onboot: flag('START AT BOOT', 'onboot', {
    from: 'config',
    absent: false,
    words: 'onboot|start at boot|autostart|start on boot|auto start',
    yes: 'start at boot|starting at boot|start on boot|autostart|start automatically|(start|starting|boot|come up) automatically (at|on|after|with) (boot|reboot|node start|startup)|auto start|boot with the node|come up at boot|coming up at boot|configured to start at boot|set to start at boot|come up after a reboot|start with the node|start when the node boots',
  }),
  protection: flag('PROTECTION', 'protection', {
    from: 'config',
    absent: false,
    words: 'protection|deletion protection|delete protection|protection (flag|option|setting)',
    yes: 'protected|delete protected|deletion protected|protected from deletion|protected against deletion|protected from removal|(can|could|may) not be (deleted|removed|destroyed)|undeletable',
    no: 'unprotected',
  }),
  agent: extracted(
    'AGENT',
    'flag',
    'yes_no',
    'config',
    (data) => {
      // Containers have no agent; Proxmox's `agent` is a property string whose default key is `enabled`.
      return { value: isOn(options(data['agent'], 'enabled')['enabled']), keys: ['agent'] };
    },
    { words: 'qemu agent|guest agent|qemu guest agent|agent' },
  ),
  cores: count('CORES', 'cores', { from: 'config' }),
  sockets: count('SOCKETS', 'sockets', { from: 'config', absent: 1, words: 'socket|cpu socket' }),
  cputype: vmText('CPU TYPE', (data) => options(data['cpu'], 'cputype')['cputype'] ?? 'kvm64', ['cpu'], {
    words: 'cpu type|cpu type of|cpu model|processor type|processor type of|processor model',
    values: cpuTypes,
  }),
  bios: vmText('BIOS', (data) => asText(data['bios']) ?? 'seabios', ['bios'], {
    words: 'bios|firmware',
    values: {
      ovmf: '(boot|booting|start) (with|via|using|by|from|in)? (uefi|ovmf|efi)|uefi|ovmf|efi',
      seabios: '(boot|booting|start) (with|via|using|by|in)? (seabios|legacy bios)|seabios|legacy bios',
    },
  }),
  machine: vmText('MACHINE', (data) => options(data['machine'], 'type')['type'] ?? 'i440fx', ['machine'], {
    words: 'machine type|machine model|chipset',
  }),
  boot: text('BOOT ORDER', 'boot', { from: 'config', absent: '', words: 'boot order|boot device|boot disk' }),
  description: text('NOTES', 'description', { from: 'config', absent: '', words: 'note|description|comment' }),
  balloon: extracted('BALLOON', 'number', 'bytes', 'config', (data) => ({
    value: data['balloon'] === undefined ? null : Number(data['balloon']) * 1024 ** 2,
    keys: ['balloon'],
  })),
  swap: extracted(
    'SWAP',
    'number',
    'bytes',
    'config',
    (data) => ({ value: data['swap'] === undefined ? null : Number(data['swap']) * 1024 ** 2, keys: ['swap'] }),
    { words: 'swap' },
  ),
  unprivileged: flag('UNPRIVILEGED', 'unprivileged', {
    from: 'config',
    absent: false,
    words: 'unprivileged',
    yes: 'unprivileged',
    no: 'privileged',
  }),
  created: extracted(
    'CREATED',
    'number',
    'time',
    'config',
    (data) => {
      const ctime = Number(options(data['meta'])['ctime']);
      return { value: Number.isFinite(ctime) ? ctime : null, keys: ['meta'] };
    },
    { words: 'created|creation date|creation time|creation' },
  ),
  vlans: fromNics('VLANS', 'tag', { words: 'vlan|vlan id|vlan tag', names: 'vlan' }),
  bridges: fromNics('BRIDGES', 'bridge', { words: 'bridge', names: 'bridge' }),
  macs: extracted(
    'MAC',
    'list',
    'text',
    'config',
    (data) => {
      const nics = numbered(data, 'net');
      const macs = nics.map(({ value }) => /[0-9A-F]{2}(:[0-9A-F]{2}){5}/i.exec(value)?.[0] ?? '').filter(Boolean);
      return { value: macs, keys: nics.map(({ key }) => key) };
    },
    { words: 'mac|mac address|hardware address' },
  ),
  nic_count: counted('NICS', 'net'),
  nic_firewall: extracted('NIC FIREWALL', 'flag', 'yes_no', 'config', (data) => {
    const nics = numbered(data, 'net');
    return { value: nics.some(({ value }) => options(value)['firewall'] === '1'), keys: nics.map(({ key }) => key) };
  }),
  passthrough: extracted(
    'PASSTHROUGH',
    'list',
    'text',
    'config',
    (data) => {
      const devices = numbered(data, 'hostpci');
      const named = devices.map(({ value }) => options(value, 'host')['host'] ?? options(value)['mapping'] ?? value);
      return { value: named, keys: devices.map(({ key }) => key) };
    },
    { words: 'pci device|passthrough|pci passthrough|passthrough device|passed through device' },
  ),
  cdrom: extracted(
    'ISO',
    'list',
    'text',
    'config',
    (data) => {
      const drives = ['ide', 'sata', 'scsi'].flatMap((bus) => numbered(data, bus));
      const isos = drives.filter(({ value }) => /media=cdrom/.test(value) && !/^none|cloudinit/.test(value));
      return { value: isos.map(({ value }) => value.split(',')[0] ?? ''), keys: isos.map(({ key }) => key) };
    },
    { words: 'iso|mounted iso|cd|cdrom|cd rom|iso image|inserted iso' },
  ),
  cloudinit: extracted(
    'CLOUD-INIT',
    'flag',
    'yes_no',
    'config',
    (data) => {
      const keys = Object.keys(data).filter(
        (key) => /^(ide|sata|scsi)\d+$/.test(key) && /cloudinit/.test(String(data[key])),
      );
      return { value: keys.length > 0, keys };
    },
    { words: 'cloud init|cloudinit|cloud init drive' },
  ),
  ciuser: text('CLOUD-INIT USER', 'ciuser', { from: 'config', absent: '', words: 'cloud init user|default user' }),
  ip: {
    label: 'IP',
    type: 'list',
    unit: 'text',
    from: ['interfaces', 'config'],
    uses: [],
    words: 'ip|ip address|address|ipv4|ipv4 address|ipv6|ipv6 address|ips',
    read: (row) => addressesOf(row),
  },
  quiet_agent: {
    label: 'AGENT ANSWERS',
    type: 'flag',
    unit: 'yes_no',
    from: ['interfaces'],
    uses: [],
    read: agentAnswers,
  },
};

function counted(label: string, prefix: string): ColumnDef {
  return extracted(label, 'number', 'count', 'config', (data) => {
    const keys = numbered(data, prefix).map(({ key }) => key);
    return { value: keys.length, keys };
  });
}

function fromNics(label: string, option: string, words: { words: string; names: 'vlan' | 'bridge' }): ColumnDef {
  return extracted(
    label,
    'list',
    'text',
    'config',
    (data) => {
      const nics = numbered(data, 'net').filter(({ value }) => options(value)[option] !== undefined);
      return { value: nics.map(({ value }) => options(value)[option] ?? ''), keys: nics.map(({ key }) => key) };
    },
    words,
  );
}

function agentAnswers(row: Draft): Cell {
  const rec = row.recs['interfaces'];
  if (recText(row, 'base', 'type') !== 'qemu') return unknownCell('containers have no agent');
  if (rec === undefined) return unknownCell('interfaces was not read');
  if (isUnknown(rec)) return unknownCell(rec.unknown);
  return { value: true, at: pointer(rec.at, 'result') };
}
