import type { Sandbox } from '@pxa/sandbox';
import { NOW_MS } from './checks.ts';

type State = Sandbox['state'];
type Node = State['nodes'] extends Map<string, infer N> ? N : never;

/** Makes the demo cluster one in which every rule fails of something. */
export function spoil({ state }: Sandbox): void {
  spoilGuests(state);
  spoilFirewalls(state);
  const two = nodeOf(state, 'pve-node02');
  two.version = { version: '7.4-3', release: '7.4', repoid: 'x' };
  two.repositories = REPOSITORIES;
  state.tasks.push(rootShell(NOW_MS / 1_000 - 3_600));
}

function spoilGuests({ guests }: State): void {
  const changes: Record<number, object> = {
    101: { cipassword: '**********', ide2: 'local-zfs:vm-101-cloudinit,media=cdrom', ostype: 'win7' },
    102: { net0: 'virtio=BC:24:11:00:00:66,bridge=vmbr0' },
    105: { ostype: 'win11' },
    201: { unprivileged: 0 },
  };
  for (const [vmid, change] of Object.entries(changes)) {
    const guest = guests.get(Number(vmid));
    if (guest === undefined) throw new Error(`the demo cluster has no guest ${vmid}`);
    Object.assign(guest.config, change);
  }
}

function spoilFirewalls(state: State): void {
  const accept = { type: 'in', action: 'ACCEPT', enable: 1 };
  state.firewall.options['enable'] = 0;
  state.firewall.rules.push({ ...accept, proto: 'tcp', dport: '8006', source: '0.0.0.0/0' });
  const one = nodeOf(state, 'pve-node01');
  one.firewall.options['enable'] = 0;
  one.firewall.rules.push({ ...accept, macro: 'SSH' });
  state.guests.get(101)?.firewall?.rules.push(accept);
}

const PATH = '/etc/apt/a.sources';
const DEB = {
  Types: ['deb'],
  URIs: ['http://example.org/debian'],
  Components: ['main'],
  FileType: 'sources',
  Enabled: 1,
};
const UNSIGNED = { Options: [{ Key: 'Trusted', Values: ['yes'] }] };

/** As Proxmox tells of them; the last is switched off. */
const REPOSITORIES = {
  digest: '0'.repeat(64),
  errors: [],
  'standard-repos': [],
  infos: [{ path: PATH, index: '1', kind: 'warning', property: 'Suites', message: "old suite 'buster' configured!" }],
  files: [
    {
      path: PATH,
      'file-type': 'sources',
      repositories: [
        { ...DEB, Suites: ['bullseye'], ...UNSIGNED },
        { ...DEB, Suites: ['buster'] },
        { ...DEB, Suites: ['sid'], Enabled: 0, ...UNSIGNED },
      ],
    },
  ],
};

function nodeOf({ nodes }: State, name: string): Node {
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`the demo cluster has no node ${name}`);
  return node;
}

/** A shell that somebody opened as root@pam. */
function rootShell(begun: number): State['tasks'][number] {
  const [node, user, id, type] = ['pve-node01', 'root@pam', '', 'vncshell'];
  const upid = `UPID:${node}:00000FFF:00000FFF:${begun.toString(16).toUpperCase()}:${type}:${id}:${user}:`;
  return { upid, node, type, id, user, status: 'OK', starttime: begun, endtime: begun + 60, pid: 4095, pstart: 4095 };
}
