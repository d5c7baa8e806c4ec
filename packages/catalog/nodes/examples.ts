import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'list all nodes', means: 'nodes' },
  { say: 'how are my nodes doing on resources?', means: 'nodes' },
  { say: 'which nodes use more than 60% of their RAM?', means: 'nodes where mem_share > 0.6' },
  { say: 'kernel version of pve-node01', means: 'nodes where node = pve-node01 show kernel' },
  { say: 'how many nodes are online?', means: 'nodes where status = online give count' },
  { say: 'are any nodes offline?', means: 'nodes where status = offline give any' },
  { say: 'which node has the most free memory?', means: 'nodes by mem_free desc first 1' },
  { say: 'busiest node', means: 'nodes by cpu desc first 1' },
  { say: 'cpu model of pve-node02', means: 'nodes where node = pve-node02 show cpu_model' },
  { say: 'uptime of all nodes', means: 'nodes show uptime' },
  { say: 'what is the load average of pve-node03?', means: 'nodes where node = pve-node03 show load1' },
  { say: 'which nodes have less than 20 GB of free memory?', means: 'nodes where mem_free < 21474836480' },
  { say: 'which nodes need a reboot?', means: 'nodes where reboot_needed = true' },
  { say: 'system services of pve-node01', means: 'services where node = pve-node01' },
  { say: 'which services are stopped?', means: 'services where state = dead' },
  {
    say: 'when was pve-node02 last rebooted?',
    means: 'nodes where node = pve-node02 and booted is known',
  },
  { say: 'total memory of the nodes', means: 'nodes give sum(maxmem) show mem, maxmem, mem_share' },
  { say: 'most heavily loaded host', means: 'nodes by cpu desc first 1' },
  { say: 'which nodes are fully up to date?', means: 'nodes where not (has updates)' },
  { say: 'processor of pve-node01', means: 'nodes where node = pve-node01 show cpu_model, sockets, maxcpu' },
];
