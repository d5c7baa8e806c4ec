import type { Guest, Specification } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import type { NotExpressed } from '../terraform/module.ts';
import { cloudConfig } from './cloud-config.ts';

/** User data for each guest, one document each; what cloud-init cannot say, since it is said inside of a guest. */
export function userDataOf({ guests }: Specification): { code: string; notExpressed: readonly NotExpressed[] } {
  const documents = guests.map((guest) => cloudConfig(guest));
  const notExpressed = guests.flatMap(lacks);
  return { code: documents.join('---\n'), notExpressed };
}

function lacks(guest: Guest): NotExpressed[] {
  const found: NotExpressed[] = [
    {
      what: `${guest.name}: ${around(guest).join(', ')}`,
      why: 'Cloud-init works inside of a guest that is there: what is around it is for “terraform”, “ansible” or Proxmox itself.',
    },
  ];
  if (guest.kind === 'container')
    found.push({ what: `${guest.name}`, why: 'Proxmox gives containers no cloud-init data.' });
  if (systemOf(guest)?.packages === null)
    found.push({ what: `${guest.name}`, why: 'Windows reads no #cloud-config but through Cloudbase-Init.' });
  return found;
}

/** What is said of a guest, and not in it. */
function around({ cores, memory_mb: memory, firewall, backups, protection, ha }: Guest): string[] {
  return [
    `${cores} cores`,
    `${memory} MiB of memory`,
    'disks',
    'network',
    ...(firewall === null ? [] : ['the firewall of Proxmox']),
    ...(backups === null ? [] : ['backups']),
    ...(protection ? ['protection'] : []),
    ...(ha === null ? [] : ['high availability']),
  ];
}
