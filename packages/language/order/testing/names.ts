import { type Entity, Inventory } from '../../inventory.ts';

const plain = (kind: 'node' | 'storage' | 'pool' | 'tag', names: string): Entity[] =>
  names.split(' ').map((name) => ({ kind, key: name, name }));

/** Guests as `vmid name node`, parted by commas. */
function guests(type: 'qemu' | 'lxc', of: string, status: string): Entity[] {
  return of.split(', ').map((each) => {
    const [id = '', name = '', node = ''] = each.split(' ');
    const vmid = Number(id);
    return {
      kind: 'guest',
      key: `${type}/${id}`,
      name,
      vmid,
      type,
      node: `pve-node0${node}`,
      status,
      template: vmid > 8999,
    };
  });
}

/** A small cluster's names. */
export const testInventory = new Inventory([
  ...plain('node', 'pve-node01 pve-node02 pve-node03'),
  ...plain('storage', 'local local-zfs nas'),
  ...plain('pool', 'prod lab'),
  ...plain('tag', 'production web iot'),
  ...guests(
    'qemu',
    '100 dc01 1, 101 web-01 1, 102 web-02 2, 103 db-primary 2, 104 db-replica 3, 106 sandbox-01 3',
    'running',
  ),
  ...guests('qemu', '105 build-agent 2, 9000 debian12-cloud 1', 'stopped'),
  ...guests('lxc', '200 pihole 1, 201 nginx-proxy 1', 'running'),
  ...guests('lxc', '203 sandbox-01 3, 204 mqtt-broker 3', 'stopped'),
]);
