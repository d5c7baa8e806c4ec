import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'GPUs', means: 'pci where kind in [gpu, accelerator]' },
  { say: 'nodes with GPUs', means: 'nodes where has pci where (kind in [gpu, accelerator])' },
  { say: 'pci devices of pve-node01', means: 'pci where node = pve-node01' },
  { say: 'nvidia cards', means: 'pci where vendor_id = 0x10de' },
  { say: 'which GPUs are free?', means: 'pci where kind in [gpu, accelerator] and not (guests is known)' },
  { say: 'usb devices of pve-node01', means: 'usb where node = pve-node01' },
  { say: 'network controllers of pve-node02', means: 'pci where kind = network and node = pve-node02' },
  { say: 'how many GPUs are there?', means: 'pci where kind in [gpu, accelerator] give count' },
  { say: 'which GPUs are passed through?', means: 'pci where kind in [gpu, accelerator] and guests is known' },
  { say: 'iommu group of the GPUs', means: 'pci where kind in [gpu, accelerator] show iommugroup' },
  { say: 'graphics cards on pve-node03', means: 'pci where kind in [gpu, accelerator] and node = pve-node03' },
];
