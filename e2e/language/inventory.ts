import { type Entity, Inventory } from '@pxa/language';

const node = (name: string): Entity => ({ kind: 'node', key: name, name });
const storage = (name: string): Entity => ({ kind: 'storage', key: name, name });
const pool = (name: string): Entity => ({ kind: 'pool', key: name, name });
const tag = (name: string): Entity => ({ kind: 'tag', key: name, name });

function guest(
  type: 'qemu' | 'lxc',
  vmid: number,
  name: string,
  on: string,
  status = 'running',
  template = false,
): Entity {
  return { kind: 'guest', key: `${type}/${vmid}`, name, vmid, type, node: on, status, template };
}

/** A small cluster's names, as the example sentences use them. */
export const exampleInventory = new Inventory([
  ...['pve-node01', 'pve-node02', 'pve-node03'].map(node),
  ...['local', 'local-zfs', 'nas', 'shared-vm', 'backup-pool', 'nfs-backup'].map(storage),
  ...['prod', 'lab'].map(pool),
  ...[
    'production',
    'windows',
    'web',
    'database',
    'ci',
    'legacy',
    'gpu',
    'network',
    'monitoring',
    'iot',
    'template',
  ].map(tag),
  guest('qemu', 100, 'dc01-win2022', 'pve-node01'),
  guest('qemu', 101, 'web-01', 'pve-node01'),
  guest('qemu', 102, 'web-02', 'pve-node02'),
  guest('qemu', 103, 'db-primary', 'pve-node02'),
  guest('qemu', 104, 'db-replica', 'pve-node03'),
  guest('qemu', 105, 'build-agent', 'pve-node02', 'stopped'),
  guest('qemu', 106, 'sandbox-01', 'pve-node03'),
  guest('qemu', 107, 'old-crm', 'pve-node01', 'stopped'),
  guest('qemu', 108, 'ml-gpu', 'pve-node03'),
  guest('lxc', 200, 'pihole', 'pve-node01'),
  guest('lxc', 201, 'nginx-proxy', 'pve-node01'),
  guest('lxc', 202, 'grafana', 'pve-node02'),
  guest('lxc', 203, 'sandbox-01', 'pve-node03', 'stopped'),
  guest('lxc', 204, 'mqtt-broker', 'pve-node03', 'stopped'),
  guest('qemu', 9000, 'debian12-cloud', 'pve-node01', 'stopped', true),
  guest('qemu', 9001, 'win2022-template', 'pve-node03', 'stopped', true),
]);
