import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'show all running VMs', means: 'guests where state = running and type = qemu and not (template = true)' },
  {
    say: 'which VM uses the most memory?',
    means: 'guests where type = qemu and not (template = true) by mem desc first 1',
  },
  {
    say: 'how many containers are running?',
    means: 'guests where type = lxc and state = running and not (template = true) give count',
  },
  {
    say: 'guests on pve-node02 with more than 8 GB of memory',
    means: 'guests where node = pve-node02 and maxmem > 8589934592 and not (template = true)',
  },
  {
    say: 'which guests have no snapshot?',
    means: 'guests where not (has snapshots) and not (template = true)',
  },
  { say: 'is web-01 running?', means: 'guests where id = qemu/101 give all of state = running' },
  { say: 'VMs per node', means: 'guests where type = qemu and not (template = true) per node give count' },
  {
    say: 'containers with nesting',
    means: 'guests where type = lxc and nesting = true and not (template = true)',
  },
  {
    say: 'VMs using cpu type host',
    means: 'guests where type = qemu and cputype = host and not (template = true)',
  },
  {
    say: 'containers based on ubuntu',
    means: 'guests where type = lxc and distribution = ubuntu and not (template = true)',
  },
  { say: 'VMs with NUMA on', means: 'guests where type = qemu and numa = true and not (template = true)' },
  { say: 'guests outside of any pool', means: 'guests where pool = "" and not (template = true)' },
  { say: 'boxes running windows', means: 'guests where windows = true and not (template = true)' },
  { say: 'what is container 202 called?', means: 'guests where id = lxc/202 show name' },
  {
    say: 'which VM has a graphics card passed through?',
    means: 'guests where type = qemu and passthrough is known and not (template = true)',
  },
  { say: 'startup order of the guests', means: 'guests where not (template = true) show startup_order' },
  {
    say: 'guests with a cpu limit',
    means: 'guests where cpulimit > 0 and not (template = true)',
  },
  { say: 'VMs with secure boot', means: 'guests where type = qemu and secure_boot = true and not (template = true)' },
];
