import type { Disk, Guest, Nic } from '../specification.ts';
import { ipConfig } from '../terraform/telmate-vm.ts';
import { template, type Yaml } from '../yaml/nodes.ts';
import { type Book, type Task, variableName } from './book.ts';

const KVM = 'community.proxmox.proxmox_kvm';

/** A VM as a clone of a template, sized as it is asked for; or one that is there already, as it is. */
export function vmTasks(book: Book, guest: Guest): Task[] {
  const { name, source } = guest;
  const node = nodeOf(book, guest);
  const id = source.from === 'existing' ? source.vmid : template(`{{ ${variableName(name)}.vmid }}`);
  const start: Task = { name: `Start ${name}`, [KVM]: { node, vmid: id, state: 'started' } };
  return [
    ...(source.from === 'existing' ? [] : [clone(book, guest, node)]),
    { name: `Configure ${name}`, [KVM]: { node, vmid: id, name, ...said(guest, settings(book, guest)), update: true } },
    ...(source.from === 'existing' ? [] : guest.nics.map((nic, at) => nicTask(guest, nic, { at, id }))),
    ...(source.from === 'existing'
      ? []
      : guest.disks.map((disk, at) => diskTask(book, guest, disk, { isFirst: at === 0, id }))),
    ...(guest.started && source.from !== 'existing' ? [start] : []),
  ];
}

/** The node of a guest: its own, or the one that whoever runs the playbook says. */
export const nodeOf = (book: Book, { node }: Guest): Yaml => node ?? book.required('proxmox_node');

function clone(book: Book, guest: Guest, node: Yaml): Task {
  const { name, source, vmid } = guest;
  const usual = source.from === 'image' ? `${source.os}-cloud` : '';
  const from =
    source.from === 'template'
      ? { clone: name, vmid: source.vmid }
      : { clone: book.variable(`${variableName(usual)}_template`, usual) };
  return {
    name: `Clone ${name}`,
    [KVM]: {
      node,
      ...from,
      name,
      newid: vmid ?? undefined,
      full: true,
      storage: guest.disks[0]?.storage ?? book.variable('proxmox_storage', 'local-lvm'),
      timeout: 600,
    },
    register: variableName(name),
  };
}

/** What is not said whole stays as it is: the module would write over the rest of it. */
function said({ hardware: { kept } }: Guest, all: Readonly<Record<string, Yaml | undefined>>): typeof all {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !kept.includes(key)));
}

function settings(book: Book, guest: Guest): Readonly<Record<string, Yaml | undefined>> {
  const { hardware, dns, source } = guest;
  const isNew = source.from !== 'existing';
  const domain = dns?.domain ?? null;
  const addresses = guest.nics.flatMap((nic, at) => {
    const text = ipConfig(nic);
    return text === undefined ? [] : [[`ipconfig${at}`, text] as const];
  });
  return {
    description: guest.description === '' ? undefined : guest.description,
    cores: guest.cores,
    sockets: guest.sockets,
    cpu: guest.cpu_type ?? undefined,
    memory: guest.memory_mb,
    balloon: guest.balloon_mb ?? undefined,
    agent: `enabled=${guest.agent ? 1 : 0}${hardware.agent_trim ? ',fstrim_cloned_disks=1' : ''}`,
    onboot: guest.on_boot,
    protection: guest.protection,
    tags: guest.tags.length === 0 ? undefined : [...guest.tags],
    bios: hardware.bios ?? undefined,
    machine: hardware.machine ?? undefined,
    scsihw: hardware.scsi ?? undefined,
    ostype: hardware.os_type ?? undefined,
    ciuser: guest.users[0]?.name,
    sshkeys: isNew && guest.users.length > 0 ? keysOf(book, guest) : undefined,
    ipconfig: addresses.length === 0 ? undefined : Object.fromEntries(addresses),
    nameservers: dns === null || dns.servers.length === 0 ? undefined : [...dns.servers],
    searchdomains: domain === null ? undefined : [domain],
  };
}

/** The public keys that may log in: those that are known are the default. */
export function keysOf(book: Book, { ssh_keys: keys }: Guest): Yaml {
  if (keys.length === 0) book.required('ssh_public_keys');
  else book.variable('ssh_public_keys', [...keys]);
  return template("{{ ssh_public_keys | join('\\n') }}");
}

function nicTask({ name }: Guest, nic: Nic, { at, id }: { at: number; id: Yaml }): Task {
  return {
    name: `Attach interface ${at} of ${name}`,
    'community.proxmox.proxmox_nic': {
      vmid: id,
      interface: `net${at}`,
      bridge: nic.bridge,
      model: nic.model,
      mac: nic.mac ?? undefined,
      tag: nic.vlan ?? undefined,
      firewall: nic.firewall,
      mtu: nic.mtu ?? undefined,
      rate: nic.rate ?? undefined,
    },
  };
}

/** The first disk is the template’s, which is made as large as it is asked for; the others are new. */
function diskTask(book: Book, { name }: Guest, disk: Disk, { isFirst, id }: { isFirst: boolean; id: Yaml }): Task {
  const module = 'community.proxmox.proxmox_disk';
  if (isFirst) {
    return {
      name: `Size the disk of ${name}`,
      [module]: { vmid: id, disk: disk.slot, size: `${disk.size_gb}G`, state: 'resized' },
    };
  }
  return {
    name: `Add disk ${disk.slot} to ${name}`,
    [module]: {
      vmid: id,
      disk: disk.slot,
      storage: disk.storage ?? book.variable('proxmox_storage', 'local-lvm'),
      size: String(disk.size_gb),
      discard: disk.discard ? 'on' : undefined,
      iothread: disk.iothread ? true : undefined,
      ssd: disk.ssd ? true : undefined,
      backup: disk.backup,
      state: 'present',
    },
  };
}
