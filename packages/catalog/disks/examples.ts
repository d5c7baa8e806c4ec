import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'disks with a SMART failure', means: 'disks where failing = true' },
  { say: 'which disks are worn?', means: 'disks where worn >= 0.5' },
  { say: 'SSDs of pve-node01', means: 'disks where type in [ssd, nvme] and node = pve-node01' },
  { say: 'list the physical disks of pve-node02', means: 'disks where node = pve-node02' },
  { say: 'how many physical disks are there?', means: 'disks give count' },
  { say: 'what is the health of the disks?', means: 'disks show health' },
  { say: 'serial numbers of the disks of pve-node01', means: 'disks where node = pve-node01 show serial' },
  { say: 'nvme drives', means: 'disks where type = nvme' },
  { say: 'spinning disks', means: 'disks where type = hdd' },
  { say: 'unused physical disks', means: 'disks where used = "" and osd = ""' },
  { say: 'biggest physical disk', means: 'disks by size desc first 1' },
  { say: 'is any disk failing?', means: 'disks where failing = true give any' },
  {
    say: 'how many SSDs does pve-node01 have?',
    means: 'disks where type in [ssd, nvme] and node = pve-node01 give count',
  },
  { say: 'physical disks per node', means: 'disks per node give count' },
  { say: 'drives with less than 10% life left', means: 'disks where life_left < 0.1' },
  { say: 'most worn ssd', means: 'disks where type in [ssd, nvme] by worn desc first 1' },
  { say: 'any unused disks?', means: 'disks where used = "" and osd = "" give any' },
  { say: 'which physical disks should be replaced?', means: 'disks where failing = true or worn >= 0.9' },
];
