import { action, type GuestNow, type Planned, refused } from '../kit/index.ts';
import { dnsName } from './identity.ts';
import { setConfig } from './set-config.ts';
import { setTo } from './wording.ts';

const onGuest = { dataset: 'guests', templates: true } as const;
const address = /^(\d{1,3}(\.\d{1,3}){3}|(?=.*:.*:)[\da-fA-F:.]+)$/;
const isAddress = (text: string): boolean =>
  address.test(text) && (text.includes(':') || text.split('.').every((part) => Number(part) <= 255));

/** A VM is told by cloud-init at its next start, a container's file is written when it starts. */
function late(guest: GuestNow): string[] {
  const isOff = guest.status === 'stopped';
  const how = guest.type === 'qemu' ? 'Only cloud-init reads this in a VM' : 'It is written into the container';
  return [`${how}, at its ${isOff ? '' : 'next '}start.`];
}

export const nameserver = action({
  id: 'guest.nameserver',
  verb: 'change the DNS server of',
  risk: 'change',
  on: onGuest,
  say: [
    ...setTo('(dns|dns server|nameserver|name server|resolver)', '{servers}'),
    '(use|give) [dns|dns server|nameserver] {servers} as (dns|dns server|nameserver) (for|of|on) {on}',
  ],
  input: { servers: { kind: 'words', say: [], ask: 'Which DNS servers?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const servers = input.servers ?? [];
    const wrong = servers.filter((each) => !isAddress(each));
    if (wrong.length > 0 || servers.length === 0)
      return refused({ why: `“${wrong.join(', ')}” is no address.`, next: 'Write it as 10.0.0.53.' });
    const says = `Set the DNS servers of ${guest.title} to ${servers.join(', ')}`;
    return setConfig(guest, { nameserver: servers.join(' ') }, { says, warnings: late(guest) });
  },
  examples: [
    {
      say: 'set the dns server of dev-sandbox to 10.10.0.53 and 1.1.1.1',
      sends: ["PUT /nodes/pve-node02/lxc/203/config nameserver='10.10.0.53 1.1.1.1'"],
    },
    { say: 'set the nameserver of dev-sandbox to nonsense', sends: 'clarification' },
    {
      say: 'set the dns server of debian-12-cloud to 10.10.0.53',
      sends: ['PUT /nodes/pve-node01/qemu/9001/config nameserver=10.10.0.53'],
    },
  ],
});

export const searchDomain = action({
  id: 'guest.search_domain',
  verb: 'change the search domain of',
  risk: 'change',
  on: onGuest,
  say: setTo('(search domain|searchdomain|dns domain|dns search domain)', '{domain}'),
  input: { domain: { kind: 'word', say: [], ask: 'Which domain?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { domain = '' } = input;
    if (!dnsName.test(domain)) return refused({ why: `“${domain}” is no domain.`, next: 'Write it as example.org.' });
    const says = `Set the search domain of ${guest.title} to ${domain}`;
    return setConfig(guest, { searchdomain: domain }, { says, warnings: late(guest) });
  },
  examples: [
    {
      say: 'set the search domain of dev-sandbox to lab.example.org',
      sends: ['PUT /nodes/pve-node02/lxc/203/config searchdomain=lab.example.org'],
    },
    { say: 'set the search domain of dev-sandbox to bad_domain', sends: 'clarification' },
    {
      say: 'set the search domain of debian-12-cloud to lab.example.org',
      sends: ['PUT /nodes/pve-node01/qemu/9001/config searchdomain=lab.example.org'],
    },
  ],
});
