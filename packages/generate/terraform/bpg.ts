import { block, comment, type Comment, type Node } from '../hcl/nodes.ts';
import { printHcl } from '../hcl/print.ts';
import type { Specification } from '../specification.ts';
import { addContainer } from './bpg-container.ts';
import { addVm } from './bpg-vm.ts';
import { Module, type NotExpressed } from './module.ts';

/** A Terraform module for the provider bpg/proxmox, 0.80 or later of its 0.x. */
export function bpgModule(specification: Specification): { code: string; notExpressed: readonly NotExpressed[] } {
  const module = new Module();
  for (const guest of specification.guests) (guest.kind === 'vm' ? addVm : addContainer)(module, guest);
  const needsFiles = module.blocks.some(({ labels: [type] }) => type === 'proxmox_virtual_environment_file');
  const provider = block(
    'provider',
    ['proxmox'],
    [
      comment('Endpoint and token come from PROXMOX_VE_ENDPOINT and PROXMOX_VE_API_TOKEN.'),
      ...(needsFiles
        ? [
            comment('Proxmox’s API takes no snippets: the provider copies the cloud-init file to the node over SSH.'),
            block('ssh', [], [{ agent: true, username: module.variable('ssh_username', SSH_USER) }]),
          ]
        : []),
    ],
  );
  const nodes: Node[] = [
    ...measures(specification),
    block(
      'terraform',
      [],
      [
        { required_version: '>= 1.5.0' },
        block(
          'required_providers',
          [],
          [{ proxmox: { object: { source: 'bpg/proxmox', version: '>= 0.80.0, < 1.0.0' } } }],
        ),
      ],
    ),
    provider,
    ...module.variables(),
    ...module.blocks,
  ];
  return { code: printHcl(nodes), notExpressed: module.notExpressed };
}

const SSH_USER = { type: 'string', description: 'Who logs in to the node to copy files.', default: 'root' };

/** What is done beyond what was asked for, and which controls it serves, in front of the module. */
export function measures({ measures: taken }: Specification): Comment[] {
  return taken.map(({ says, controls }) => comment(`${says} (${controls.join(', ')})`));
}
