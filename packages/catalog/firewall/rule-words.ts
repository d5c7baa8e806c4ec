import { asNumber, asText } from '@pxa/pve/values';
import type { Rec, Refusal } from '../kit/index.ts';
import { holdsPort, macroPorts } from './services.ts';

/** What traffic a rule is about, in the words that all orders about rules share. */
export const trafficInput = {
  service: {
    kind: 'choice',
    say: ['[incoming|inbound] {} [traffic|access|connections]'],
    values: {
      SSH: 'ssh',
      Telnet: 'telnet',
      SMTP: 'smtp',
      Mail: 'mail',
      DNS: 'dns',
      HTTP: 'http',
      HTTPS: 'https',
      Web: 'web|http and https',
      SMB: 'smb|samba',
      RDP: 'rdp|remote desktop',
      VNC: 'vnc',
      MySQL: 'mysql',
      PostgreSQL: 'postgres|postgresql',
      Ping: 'ping|icmp|pings',
      NTP: 'ntp',
      NFS: 'nfs',
      LDAP: 'ldap',
      Syslog: 'syslog',
    },
  },
  port: { kind: 'word', say: ['[incoming|inbound] (port|ports) {} [traffic]'] },
  proto: { kind: 'choice', say: ['{}', '(over|on|with) {}'], values: { tcp: 'tcp', udp: 'udp' } },
  all: { kind: 'flag', say: ['(everything|all traffic|any traffic|all incoming traffic|anything)'] },
  source: { kind: 'word', say: ['[coming] from {}'] },
  dest: { kind: 'word', say: ['[going] to (address|network|destination) {}'] },
  out: {
    kind: 'flag',
    say: ['(outgoing|outbound|egress) [traffic|access|connections]'],
    no: ['(incoming|inbound) [traffic|access|connections]'],
  },
  comment: { kind: 'text', say: ['(with|and) (comment|note) {}'] },
} as const;

export interface Traffic {
  readonly service?: string;
  readonly port?: string;
  readonly proto?: string;
  readonly all?: boolean;
  readonly source?: string;
  readonly dest?: string;
  readonly out?: boolean;
  readonly comment?: string;
}

/** A rule as it is sent. */
export interface RuleSent {
  readonly type: 'in' | 'out';
  readonly action: 'ACCEPT' | 'DROP' | 'REJECT';
  readonly macro?: string;
  readonly proto?: string;
  readonly dport?: string;
  readonly source?: string;
  readonly dest?: string;
  readonly comment?: string;
}

export const actionValues = {
  ACCEPT: 'allow|permit|accept|open|let in',
  DROP: 'block|deny|drop|forbid|close',
  REJECT: 'reject',
} as const;

/** Macros that Proxmox has; the others are told by their port. */
const macros = new Set([...Object.keys(macroPorts), 'NTP', 'LDAP', 'Syslog']);

export function ruleOf(action: RuleSent['action'], said: Traffic): RuleSent {
  const { service, source, dest, comment } = said;
  const port = said.port?.replace('-', ':') ?? (service === 'NFS' ? '2049' : undefined);
  const macro = port === undefined && service !== undefined && macros.has(service) ? service : undefined;
  return {
    type: said.out === true ? 'out' : 'in',
    action,
    ...(macro === undefined ? {} : { macro }),
    ...(port === undefined ? {} : { proto: said.proto ?? 'tcp', dport: port }),
    ...(port === undefined && macro === undefined && said.proto !== undefined ? { proto: said.proto } : {}),
    ...(source === undefined ? {} : { source }),
    ...(dest === undefined ? {} : { dest }),
    ...(comment === undefined ? {} : { comment }),
  };
}

const PORTS = /^\d{1,5}(:\d{1,5})?(,\d{1,5}(:\d{1,5})?)*$/;
const PLACE =
  /^(\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?|(?=.*:)[\da-f:]+(\/\d{1,3})?|\+?(dc\/|guest\/)?[a-z][\w-]+|\d[\d.]+-\d[\d.]+)$/i;

/** What Proxmox would refuse of a rule (pve-firewall, verify_rule). */
export function ruleRefusals(rule: RuleSent, said: Traffic): Refusal[] {
  const found: Refusal[] = [];
  if (
    said.all !== true &&
    rule.macro === undefined &&
    rule.dport === undefined &&
    rule.proto === undefined &&
    rule.source === undefined &&
    rule.dest === undefined
  ) {
    found.push({ why: 'That names no traffic.', next: 'Say “ssh”, “port 8080”, “everything from 10.0.0.0/8”.' });
  }
  const ports = rule.dport?.split(/[,:]/).map(Number) ?? [];
  if (rule.dport !== undefined && (!PORTS.test(rule.dport) || ports.some((port) => port > 65_535))) {
    found.push({
      why: `“${rule.dport}” is no port: they go from 0 to 65535, as 80, 8000:8080 or 80,443.`,
      next: 'Name another.',
    });
  }
  for (const place of [rule.source, rule.dest]) {
    if (place === undefined || isPlace(place)) continue;
    found.push({
      why: `“${place}” is no address, network, alias or IP set.`,
      next: 'Say it as 10.0.0.0/8, 10.0.0.5, or +SET.',
    });
  }
  return found;
}

/** Whether it may be the source or destination of a rule: an address, a network, a range, an alias or a set. */
export const isPlace = (place: string): boolean => PLACE.test(place) && !isTooBig(place);

function isTooBig(place: string): boolean {
  const [, address = '', bits = '0'] = /^([\d.]+)(?:\/(\d+))?$/.exec(place) ?? [];
  return address !== '' && (address.split('.').some((part) => Number(part) > 255) || Number(bits) > 32);
}

const keys = ['type', 'action', 'macro', 'proto', 'dport', 'source', 'dest'] as const;

/** Whether a rule that is there says the same. */
export const isSameRule = ({ data }: Rec, rule: RuleSent): boolean =>
  keys.every((key) => (asText(data[key]) ?? '') === (rule[key] ?? '')) && asNumber(data['enable']) === 1;

/** Whether a rule that is there is about the traffic that was said. */
export function isAbout({ data }: Rec, said: Traffic): boolean {
  const macro = asText(data['macro']);
  const ports = macro === null ? (asText(data['dport']) ?? '').split(',').filter(Boolean) : (macroPorts[macro] ?? []);
  const wanted = said.port ?? (said.service === undefined ? undefined : macroPorts[said.service]?.[0]);
  const isService = said.service !== undefined && macro === said.service;
  const isPort = wanted !== undefined && ports.length > 0 && holdsPort(ports, Number(wanted));
  const fits = said.service === undefined && said.port === undefined ? true : isService || isPort;
  return fits && (said.source === undefined || data['source'] === said.source);
}

/** A rule in words: `allow SSH from 10.0.0.0/8`. */
export function ruleText(rule: Readonly<Record<string, unknown>> | RuleSent): string {
  const data: Readonly<Record<string, unknown>> = { ...rule };
  if (data['type'] === 'group') return `security group ${asText(data['action']) ?? ''}`;
  const verb = { ACCEPT: 'allow', DROP: 'drop', REJECT: 'reject' }[String(data['action'])] ?? String(data['action']);
  const port = asText(data['dport']);
  const what =
    asText(data['macro']) ??
    (port === null ? (asText(data['proto']) ?? 'everything') : `${asText(data['proto']) ?? ''} port ${port}`);
  const from = asText(data['source']) === null ? '' : ` from ${asText(data['source']) ?? ''}`;
  const to = asText(data['dest']) === null ? '' : ` to ${asText(data['dest']) ?? ''}`;
  return `${verb} ${data['type'] === 'out' ? 'outgoing ' : ''}${what}${from}${to}`;
}
