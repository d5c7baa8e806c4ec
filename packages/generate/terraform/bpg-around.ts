import { block, code } from '../hcl/nodes.ts';
import type { Guest } from '../specification.ts';
import type { Module } from './module.ts';

/** What stands around a guest: high availability; that it is there already; what the provider has no word for. */
export function addAround(module: Module, guest: Guest, { label, type }: { label: string; type: string }): void {
  const { source, ha, backups, kind } = guest;
  if (ha !== null) {
    const sid = kind === 'vm' ? 'vm' : 'ct';
    module.add(
      block(
        'resource',
        ['proxmox_virtual_environment_haresource', label],
        [
          {
            resource_id: code(`"${sid}:\${${type}.${label}.vm_id}"`),
            state: ha.state,
            max_restart: ha.max_restart ?? undefined,
            max_relocate: ha.max_relocate ?? undefined,
          },
        ],
      ),
    );
  }
  if (source.from === 'existing') {
    const sid = `${kind === 'vm' ? 'vm' : 'ct'}:${source.vmid}`;
    const resource = code(`proxmox_virtual_environment_haresource.${label}`);
    module.add(
      block('import', [], [{ to: code(`${type}.${label}`), id: `${source.node}/${source.vmid}` }]),
      ha === null ? undefined : block('import', [], [{ to: resource, id: sid }]),
    );
  }
  if (backups !== null && source.from !== 'existing') {
    const what = `${guest.name}: backups at ${backups.schedule}, the last ${backups.keep} kept`;
    module.lacks(
      what,
      'This provider has no resource for backup jobs: add the guest to a job of the cluster (Datacenter, Backup).',
    );
  }
}
