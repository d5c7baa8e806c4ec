import { block, comment, type Node } from '../hcl/nodes.ts';
import { printHcl } from '../hcl/print.ts';
import type { Specification } from '../specification.ts';
import { measures } from './bpg.ts';
import { Module, type NotExpressed } from './module.ts';
import { addTelmateContainer } from './telmate-container.ts';
import { addTelmateVm } from './telmate-vm.ts';

/** A Terraform module for the provider Telmate/proxmox, as its 3.0.1-rc4 is documented. */
export function telmateModule(specification: Specification): { code: string; notExpressed: readonly NotExpressed[] } {
  const module = new Module();
  for (const guest of specification.guests) {
    (guest.kind === 'vm' ? addTelmateVm : addTelmateContainer)(module, guest);
    if (guest.firewall !== null) {
      module.lacks(
        `${guest.name}: its firewall and rules`,
        'This provider has no firewall: use “bpg”, or set it in Proxmox.',
      );
    }
    if (guest.backups !== null && guest.source.from !== 'existing') {
      module.lacks(
        `${guest.name}: backups at ${guest.backups.schedule}`,
        'This provider has no backup jobs: add the guest to one (Datacenter, Backup).',
      );
    }
  }
  const nodes: Node[] = [
    ...measures(specification),
    block(
      'terraform',
      [],
      [
        { required_version: '>= 1.5.0' },
        block('required_providers', [], [{ proxmox: { object: { source: 'Telmate/proxmox', version: '3.0.1-rc4' } } }]),
      ],
    ),
    block(
      'provider',
      ['proxmox'],
      [
        comment('The token comes from PM_API_TOKEN_ID and PM_API_TOKEN_SECRET.'),
        { pm_api_url: module.variable('pm_api_url', { type: 'string', description: 'https://HOST:8006/api2/json' }) },
      ],
    ),
    ...module.variables(),
    ...module.blocks,
  ];
  return { code: printHcl(nodes), notExpressed: module.notExpressed };
}
