import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'is the firewall on?', means: 'firewalls where enabled = true give any' },
  { say: 'is the firewall off?', means: 'firewalls where enabled = false give any' },
  { say: 'guests with the firewall off', means: 'guests where firewall = false and not (template = true)' },
  { say: 'firewall rules of web-01', means: 'firewall-rules where guest = qemu/101' },
  { say: 'rules open to the world', means: 'firewall-rules where open = true' },
  { say: 'list all firewall rules', means: 'firewall-rules' },
  { say: 'disabled firewall rules', means: 'firewall-rules where enabled = false' },
  {
    say: 'which firewall rules allow incoming traffic?',
    means: 'firewall-rules where action = ACCEPT and direction = in',
  },
  { say: 'datacenter firewall rules', means: 'firewall-rules where level = datacenter' },
  { say: 'which firewall rules drop traffic?', means: 'firewall-rules where action = DROP' },
  { say: 'how many firewall rules are there?', means: 'firewall-rules give count' },
  { say: 'is any firewall rule open to the internet?', means: 'firewall-rules where open = true give any' },
  { say: 'is the firewall enabled on web-01?', means: 'firewalls where enabled = true and guest = qemu/101 give any' },
  { say: 'firewall status of all nodes', means: 'firewalls where level = node' },
  { say: 'default policy of the firewall', means: 'firewalls show policy_in' },
  { say: 'VMs with the firewall on', means: 'guests where type = qemu and firewall = true and not (template = true)' },
  { say: 'default incoming policy', means: 'firewalls show policy_in' },
  {
    say: 'how many firewall rules are there at datacenter level?',
    means: 'firewall-rules where level = datacenter give count',
  },
  {
    say: 'which ports are open on web-01?',
    means: 'firewall-rules where action = ACCEPT and enabled = true and direction = in and guest = qemu/101',
  },
];
