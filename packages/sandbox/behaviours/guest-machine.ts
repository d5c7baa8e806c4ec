import type { Guest, Row } from '../state/model.ts';
import { properties } from '../state/guest-size.ts';

/** The fields that only status/current has of a virtual machine: QEMU's version, balloon, disks and NICs. */
export function machineFields(guest: Guest, row: Row, major: 8 | 9): Row {
  return {
    ...agentField(guest),
    ...(String(guest.config['vga'] ?? '').startsWith('qxl') ? { spice: 1 } : {}),
    ...(properties(guest.config['vga'])['clipboard'] === 'vnc' ? { clipboard: 'vnc' } : {}),
    ...(guest.status === 'running' ? runningFields(guest, row, major) : {}),
  };
}

function agentField(guest: Guest): Row {
  return agentEnabled(guest) ? { agent: 1 } : {};
}

/** Whether the configuration asks for the guest agent: `1`, `enabled=1`. */
export function agentEnabled(guest: Guest): boolean {
  const agent = properties(guest.config['agent']);
  return /^(?:1|on|yes|true)$/i.test(agent['enabled'] ?? agent[''] ?? '');
}

function runningFields(guest: Guest, row: Row, major: 8 | 9): Row {
  const mem = Number(row['mem']);
  const maxmem = Number(row['maxmem']);
  const qemu = major >= 9 ? '10.1.2' : '9.2.0';
  return {
    'running-qemu': qemu,
    'running-machine': runningMachine(guest, major),
    'proxmox-support': {
      'pbs-dirty-bitmap': true,
      'query-bitmap-info': true,
      'pbs-masterkey': true,
      'backup-max-workers': true,
    },
    ...(Number(guest.config['balloon'] ?? 1) === 0 ? {} : balloon(mem, maxmem)),
    blockstat: perDevice(guest, DISK, (key) => [key, blockstat(row, key)]),
    nics: perDevice(guest, NIC, (key) => [
      `tap${guest.vmid}i${key.slice(3)}`,
      { netin: row['netin'], netout: row['netout'] },
    ]),
  };
}

const DISK = /^(?:scsi|virtio|sata|ide|efidisk|tpmstate)\d+$/;
const NIC = /^net\d+$/;

function runningMachine(guest: Guest, major: 8 | 9): string {
  const machine = String(guest.config['machine'] ?? 'pc');
  if (/\d/.test(machine.replace('q35', '').replace('i440fx', ''))) return `${machine}+pve0`;
  const release = major >= 9 ? '10.1' : '9.2';
  return `pc-${machine.includes('q35') ? 'q35' : 'i440fx'}-${release}+pve0`;
}

function balloon(mem: number, maxmem: number): Row {
  const free = Math.max(0, maxmem - mem);
  return {
    balloon: maxmem,
    freemem: free,
    ballooninfo: { actual: maxmem, max_mem: maxmem, total_mem: maxmem, free_mem: free },
  };
}

function perDevice(guest: Guest, keys: RegExp, entry: (key: string) => [string, Row]): Record<string, Row> {
  return Object.fromEntries(
    Object.keys(guest.config)
      .filter((key) => keys.test(key))
      .map(entry),
  );
}

/** The first disk carries the traffic that the guest's counters show. */
function blockstat(row: Row, key: string): Row {
  const first = /^(?:scsi|virtio|sata)0$/.test(key);
  const [read, written] = [first ? Number(row['diskread']) : 0, first ? Number(row['diskwrite']) : 0];
  return {
    rd_bytes: read,
    wr_bytes: written,
    rd_operations: Math.floor(read / 32_768),
    wr_operations: Math.floor(written / 16_384),
    failed_rd_operations: 0,
    failed_wr_operations: 0,
  };
}
