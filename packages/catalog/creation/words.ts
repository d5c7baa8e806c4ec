import type { Input } from '../kit/index.ts';

/** What is told of a guest that is to be made, in the words that are common to VMs and containers. */
export const newGuest = {
  name: { kind: 'name', say: ['(called|named|name|with name|with the name|as|hostname) {}'] },
  node: { kind: 'node', say: ['(on|at|to) [node|host] {}'] },
  cores: { kind: 'count', say: ['[with|and] {} (core|cores|vcpu|vcpus|cpu|cpus|cpu cores)', 'cores {}'] },
  memory: { kind: 'size', say: ['[with|and] {} [of] (ram|memory)', '(memory|ram) [of] {}', 'with {}'] },
  disk: {
    kind: 'size',
    say: [
      '[with|and] {} [of] (disk|disk space|storage|hard disk|drive|root disk|rootfs|ssd|hdd)',
      '(disk|storage|rootfs) [of] {}',
      '(disk|rootfs) size {}',
    ],
  },
  storage: { kind: 'storage', say: ['(on|in|to|using) [storage] {}', 'storage {}'] },
  bridge: { kind: 'bridge', say: ['(on|with|connected to|to) [bridge] {}', 'bridge {}'] },
  vlan: { kind: 'count', say: ['(in|on|with|and|into) (vlan|vlan tag|tag) {}', 'vlan {}'] },
  ip: {
    kind: 'address',
    say: ['(with|and|at|using) [static] (ip|address|ip address) {}', '(ip|address) {}', 'with {}'],
  },
  gateway: { kind: 'address', say: ['(with|and|via|using) (gateway|gw) {}', '(gateway|gw) {}'] },
  vmid: { kind: 'vmid', say: ['(with|and|as) (id|vmid) {}', '(id|vmid) {}'] },
  start: {
    kind: 'flag',
    say: [
      '(and|then) (start|boot) it [afterwards|then]',
      'and start',
      'started',
      'start it [afterwards]',
      'and power it on',
    ],
  },
  tags: { kind: 'words', say: ['(with|and) (tag|tags) {}', 'tagged [as|with] {}'] },
} as const satisfies Record<string, Input>;

/** What else may be set up along with a new guest, so that it is made with it or not at all. */
export const beside = {
  notes: { kind: 'text', say: ['(with|and) (description|notes) {}'] },
  protect: { kind: 'flag', say: ['(with|and) (deletion protection|delete protection|protection)'] },
  firewall: { kind: 'flag', say: ['(with|behind|under|and) [its|the] firewall [on|enabled]'] },
  backup: { kind: 'schedule', say: ['(with|and) [a] {} (backup|backups)'] },
  /** Backups of so many days are kept. */
  keepDays: { kind: 'count', say: [], byPrograms: true },
  /** Storages that its disks may lie on, where none is named: those that are known to be encrypted, say. */
  among: { kind: 'words', say: [], byPrograms: true },
  /** The name must not be another guest's; Proxmox itself would not mind. */
  unique: { kind: 'flag', say: [], byPrograms: true },
  /** Ids that others are about to take. */
  avoid: { kind: 'words', say: [], byPrograms: true },
  /** Several SSH keys, each a line of an authorized_keys file. */
  keys: { kind: 'words', say: [], byPrograms: true },
} as const satisfies Record<string, Input>;
