import { diskOf } from './disks.ts';
import { vmNic } from './nics.ts';
import type { Options, Settings } from './options.ts';

type Draft = Record<string, unknown>;

/** A VM's configuration as a specification has it; every setting is read, or left to be told. */
export function vmOf(settings: Settings): Draft {
  const slots = settings.numbered('scsi|virtio|sata|ide');
  const hardware = hardwareOf(settings, slots);
  const agent = settings.options('agent', 'enabled', (options) => ({
    isOn: options.flag('enabled', false),
    trim: options.flag('fstrim_cloned_disks', false),
    type: options.one('type', ['virtio']),
  })) ?? { isOn: false, trim: false };
  return {
    name: settings.text('name'),
    description: settings.text('description') ?? '',
    tags: tagsOf(settings),
    cores: settings.number('cores') ?? 1,
    sockets: settings.number('sockets') ?? 1,
    cpu_type: settings.options('cpu', 'cputype', (options) => options.text('cputype') ?? null) ?? null,
    memory_mb: settings.options('memory', 'current', (options) => options.number('current')) ?? 512,
    balloon_mb: settings.number('balloon'),
    agent: agent.isOn,
    on_boot: settings.flag('onboot', false),
    protection: settings.flag('protection', false),
    template: settings.flag('template', false),
    disks: settings.numbered('scsi|virtio|sata|ide').flatMap((key) => diskOf(settings, key) ?? []),
    nics: settings.numbered('net').flatMap((key) => vmNic(settings, key) ?? []),
    dns: dnsOf(settings),
    users: userOf(settings),
    ssh_keys: keysOf(settings),
    hardware: { ...hardware, agent_trim: agent.trim },
  };
}

function hardwareOf(settings: Settings, slots: readonly string[]): Draft {
  const drives = drivesOf(settings, slots);
  const serial = settings.text('serial0');
  if (serial !== undefined && serial !== 'socket') settings.lacks(`serial0: ${serial}`);
  return {
    ...drives,
    bios: settings.text('bios') ?? null,
    machine: settings.text('machine') ?? null,
    scsi: settings.text('scsihw') ?? null,
    os_type: settings.text('ostype') ?? null,
    vga: settings.options('vga', 'type', (options) => options.text('type') ?? null) ?? null,
    keyboard: settings.text('keyboard') ?? null,
    serial: serial === 'socket',
    boot_order: settings.options('boot', 'legacy', (options) => options.text('order')?.split(';')) ?? [],
    efi:
      settings.options('efidisk0', 'file', (options) => {
        const storage = storageOf(options);
        return {
          storage,
          keys: options.flag('pre-enrolled-keys', false),
          size: options.one('efitype', ['2m', '4m']) ?? '2m',
        };
      }) ?? null,
    tpm:
      settings.options('tpmstate0', 'file', (options) => {
        const storage = storageOf(options);
        return { storage, version: options.one('version', ['v1.2', 'v2.0']) ?? 'v1.2' };
      }) ?? null,
    tablet: settings.flag('tablet', true),
    numa: settings.flag('numa', false),
    pci: settings.numbered('hostpci').flatMap((key) => pciOf(settings, key) ?? []),
    startup: startupOf(settings),
  };
}

/** Where firmware keeps its state; its size is Proxmox's own. */
function storageOf(options: Options): string | null {
  options.text('size');
  return options.text('file')?.split(':')[0] ?? null;
}

/** The drives that are no disks: of cloud-init, and for CDs. */
function drivesOf(settings: Settings, slots: readonly string[]): Draft {
  let found: Draft = {};
  for (const key of slots) {
    const value = settings.peek(key);
    if (value === undefined || !/(^|,)media=cdrom(,|$)/.test(value)) continue;
    settings.options(key, 'file', (options) => {
      const file = options.text('file') ?? 'none';
      options.text('media');
      options.text('size');
      if (/cloudinit/.test(file)) found = { ...found, cloud_drive: { slot: key, storage: file.split(':')[0] } };
      else if (found['cdrom'] === undefined) found = { ...found, cdrom: { slot: key, file } };
      else settings.lacks(`${key}: ${file}`, 'The code has one CD drive.');
    });
  }
  return found;
}

function pciOf(settings: Settings, key: string): Draft | undefined {
  return settings.options(key, 'host', (options) => ({
    slot: key,
    id: options.text('host') ?? null,
    mapping: options.text('mapping') ?? null,
    mdev: options.text('mdev') ?? null,
    pcie: options.flag('pcie', false),
    rombar: options.flag('rombar', true),
    xvga: options.flag('x-vga', false),
  }));
}

/** In which order a guest starts: `order=1,up=60`. */
export function startupOf(settings: Settings): Draft | null {
  return (
    settings.options('startup', 'order', (options) => ({
      order: options.number('order'),
      up: options.number('up'),
      down: options.number('down'),
    })) ?? null
  );
}

/** Tags as Proxmox separates them. */
export const tagsOf = (settings: Settings): string[] =>
  (settings.text('tags') ?? '').split(/[;,\s]+/).filter((tag) => tag !== '');

/** The name servers of a guest, and its domain. */
export function dnsOf(settings: Settings): Draft | null {
  const servers = (settings.text('nameserver') ?? '').split(/[\s,;]+/).filter((each) => each !== '');
  const domain = settings.text('searchdomain') ?? null;
  return servers.length === 0 && domain === null ? null : { servers, domain };
}

/** The user of cloud-init; its password is masked by Proxmox, and has no place in code. */
function userOf(settings: Settings): Draft[] {
  const user = settings.text('ciuser');
  if (settings.text('cipassword') !== undefined)
    settings.lacks('cipassword', 'A password has no place in code, and Proxmox does not show it.');
  return user === undefined ? [] : [{ name: user }];
}

/** Public keys, which Proxmox keeps with percent signs. */
function keysOf(settings: Settings): string[] {
  const text = settings.text('sshkeys') ?? '';
  try {
    return decodeURIComponent(text)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch {
    settings.lacks('sshkeys', 'They are not written as Proxmox writes them.');
    return [];
  }
}
