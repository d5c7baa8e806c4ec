import type { FirewallRule } from '../specification.ts';
import { CIDR, listed, NUM, numberOf, type Recogniser } from './recogniser.ts';
import type { Wish, Wished } from './wish.ts';

const PORT = '\\d{1,5}(?:[:-]\\d{1,5})?';
const PORTS = `${PORT}(?:(?:,? and |, ?| & | or )${PORT})*`;
const SERVICES: Readonly<Record<string, string>> = {
  ssh: '22',
  http: '80',
  https: '443',
  rdp: '3389',
  dns: '53',
  smtp: '25',
  ping: '',
  icmp: '',
};
const from = `(?: (?:access|traffic|connections|login))?(?: only)?(?: from (?:the )?(?<source>${CIDR}(?:(?:,? and |, ?)${CIDR})*|anywhere|everywhere|any(?:where| source)?|(?:the )?internet|inside|internal network|lan|private networks?))?(?: only)?`;

/** Networks that no router of the internet passes on (RFC 1918). */
export const PRIVATE_NETWORKS = '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16';

/** Where an interface is, and what may come through it. */
export const NETWORK: readonly Recogniser[] = [
  {
    say: `(?:name ?servers?|dns(?: servers?)?)(?: is| are|:| =)? (?<servers>${CIDR}(?:(?:,? and |, ?)${CIDR})*)`,
    means: (wish, said) => void wish.dns.push(...listed(said.part('servers'))),
  },
  {
    say: `(?:default )?(?:gateway|gw|router)(?: is| of|:| =)? ?(?<gateway>${CIDR})`,
    means: (wish, said) => void (wish.gateway = said.part('gateway')),
  },
  {
    say: `(?:open|allow|expose|permit|enable)(?:ing|s)? (?:(?:inbound|incoming|access to|the) )*(?:(?<protocol>tcp|udp) )?ports? (?<ports>${PORTS})(?: ?\\/?(?<protocolAfter>tcp|udp))?${from}`,
    means: (wish, said, all) =>
      allow(wish, said.part('ports'), said.part('protocol') || said.part('protocolAfter'), said.part('source'), all),
  },
  {
    say: `(?:(?<protocol>tcp|udp) )?ports? (?<ports>${PORTS})(?: ?\\/?(?<protocolAfter>tcp|udp))?(?: (?:is |are )?(?:open|opened|allowed|exposed|reachable))?${from}`,
    means: (wish, said, all) =>
      allow(wish, said.part('ports'), said.part('protocol') || said.part('protocolAfter'), said.part('source'), all),
  },
  {
    say: `(?:allow|permit|open|enable|restrict|limit|expose)(?:ing|s)? (?:only )?(?:inbound |incoming )?(?<services>(?:${Object.keys(SERVICES).join('|')})(?:(?:,? and |, ?)(?:${Object.keys(SERVICES).join('|')}))*)${from.replace(' from ', ' (?:from|to) ')}`,
    means: (wish, said, all) => {
      const names = listed(said.part('services'));
      const ports = names.map((name) => SERVICES[name] ?? '').filter((port) => port !== '');
      if (ports.length > 0) allow(wish, ports.join(','), 'tcp', said.part('source'), all);
      if (names.some((name) => name === 'ping' || name === 'icmp')) allow(wish, '', 'icmp', said.part('source'), all);
    },
  },
  {
    say: `(?:a )?(?:static |fixed )?(?:ip(?:v4)?(?: address)?(?:es)?|address(?:es)?|at|subnet|network)(?: is| of|:| =)? (?<address>${CIDR})`,
    means: (wish, said) => void wish.addresses.push(said.part('address')),
  },
  {
    say: `(?:(?:reachable|accessible|available|access(?:ed)?|open|exposed|allow(?:ed)?(?: access)?|restrict(?:ed)?(?: access)?)(?: to)? )?(?:only )?from (?:the )?(?:network |subnet )?(?<source>${CIDR}(?:(?:,? and |, ?)${CIDR})*)(?: only)?`,
    means: (wish, said) => {
      wish.firewall = true;
      wish.sources.push(...listed(said.part('source')));
    },
  },
  {
    say: `(?<count>${NUM}) (?:network )?(?:interfaces?|nics?|network cards?|network adapters?)`,
    means: (wish, said) => void (wish.nicCount = numberOf(said.part('count'))),
  },
  {
    say: `(?<address>${CIDR})`,
    means: (wish, said, all) => {
      const address = said.part('address');
      if (isNetwork(address)) all.notUnderstood.push(`${address}: a network, and not said what it is for`);
      else wish.addresses.push(address);
    },
  },
  { say: 'dhcp', means: () => undefined },
  {
    say: '(?:(?:on|in) )?(?:the )?vlan(?: id| tag)?[ :=#-]*(?<vlan>\\d{1,4})',
    means: (wish, said) => attach(wish, 'vlan', Number(said.part('vlan'))),
  },
  {
    say: '(?:(?:on|to|using|attached to) )?(?:the )?(?:network )?(?:bridge )?(?<bridge>vmbr\\d{1,4})',
    means: (wish, said) => attach(wish, 'bridge', said.part('bridge')),
  },
  { say: '(?:no|without(?: an?)?) firewall(?:ing| rules?)?', means: (wish) => void (wish.firewall = false) },
  {
    say: '(?:strict |proper |basic )?firewall(?:ed)?(?: (?:rules?|on|enabled|configuration|protection))?',
    means: (wish) => void (wish.firewall = true),
  },
];

/** Where an interface is attached: what is said next of it goes to the same one, and what it has already, to another. */
function attach(wish: Wish, key: 'bridge' | 'vlan', value: string | number): void {
  const last = wish.nics.at(-1);
  if (last === undefined || last[key] !== undefined) wish.nics.push({ [key]: value });
  else Object.assign(last, { [key]: value });
}

/** Whether an address with a prefix is that of a whole network: the bits of its host are all zero. */
function isNetwork(cidr: string): boolean {
  const [address = '', bits] = cidr.split('/');
  if (bits === undefined || Number(bits) > 30) return false;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return number % 2 ** (32 - Number(bits)) === 0;
}

function allow(wish: Wish, said: string, protocol: string, from: string, all: Wished): void {
  const ports = said.replaceAll(/\s*(?:,? and | & | or |,)\s*/g, ',').replaceAll('-', ':');
  const isAny = /^any|^every|internet$/.test(from);
  const source = from === '' || isAny ? null : /^\d/.test(from) ? listed(from).join(',') : PRIVATE_NETWORKS;
  if (from === '') all.assumptions.push(`Port ${ports || 'ICMP'} is open to every address, since no source was said.`);
  wish.firewall = true;
  const rule: FirewallRule = {
    direction: 'in',
    action: 'ACCEPT',
    protocol: protocol === 'udp' || protocol === 'icmp' ? protocol : 'tcp',
    ports: ports === '' ? null : ports,
    source,
    dest: null,
    macro: null,
    enabled: true,
    comment: '',
  };
  wish.rules.push(rule);
}
