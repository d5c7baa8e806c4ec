import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'which VM id is free next?', means: 'next-id where free = true' },
  { say: 'next free id', means: 'next-id' },
  { say: 'what is the next free vmid?', means: 'next-id' },
  { say: 'what version of proxmox is running?', means: 'version where version is known' },
  { say: 'proxmox version', means: 'version' },
  { say: 'show the pve version', means: 'version' },
  { say: 'first free vmid', means: 'next-id' },
];
