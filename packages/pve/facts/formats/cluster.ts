import { perlMatches, perlNumber, perlPattern } from '../perl.ts';
import { checkProp } from '../schema.ts';
import type { Schema } from '../types.ts';
import { isCalendarEvent } from './calendar.ts';
import { byPattern, networkFormats } from './network.ts';
import { FormatError, passes, refuse } from './refuse.ts';
import type { FormatCheck } from './refuse.ts';

const LABEL = '([a-zA-Z0-9]([a-zA-Z0-9\\-]*[a-zA-Z0-9])?)';
const haResource = byPattern('[a-z]+:\\S+', () => 'value does not look like a valid ha resource id');

function replicationJob(value: string): void {
  const guest = perlPattern('^(\\d+)-(\\d+)$').exec(value)?.[1];
  if (guest === undefined) return refuse(`invalid replication job id '${value}'`);
  if (perlNumber(guest) < 100) refuse(`invalid replication job id '${value}' (guest IDs < 100 are reserved)`);
}

/** RFC 7468, after any text that stands before it. White space may follow each line. */
function pemPattern(label: string): string {
  const line = '[0-9A-Za-z+/]';
  const body = `(?:${line}+\\s*\\n)*${line}*(?:=\\s*\\n=|={0,2})?\\s*\\n`;
  return `-----BEGIN ${label}-----\\s*${body}-----END ${label}-----\\s*`;
}

function pem(label: string, { chain = false } = {}): FormatCheck {
  const one = pemPattern(label);
  const whole = new RegExp(`^${chain ? `(?:${one}\\n+)*` : ''}${one}$`);
  return (value) => {
    const begin = value.search(/-----BEGIN .*?-----/);
    if (!whole.test(begin > 0 ? value.slice(begin) : value)) refuse('not a valid PEM-formatted string.');
  };
}

const COMMANDS: Schema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      path: { type: 'string' },
      method: { type: 'string', pattern: '(GET|POST|PUT|DELETE)' },
      args: { type: 'object', optional: true },
    },
  },
};

/** Where Proxmox's source lines show in a text, since it dies there without a newline. */
const SOURCE = { nodes: '/usr/share/perl5/PVE/API2/Nodes.pm line 66.' };

function commandBatch(value: string): void {
  let commands: unknown;
  try {
    commands = JSON.parse(value);
  } catch {
    const offset = value.length - value.trimStart().length;
    const rest = value.slice(offset);
    const before = rest === '' ? '(end of string)' : rest.replaceAll('"', '\\"');
    const where = `at character offset ${offset} (before "${before}")`;
    const what = 'malformed JSON string, neither tag, array, object, number, string or atom';
    refuse(`commands param did not contain valid JSON: ${what}, ${where} at ${SOURCE.nodes}`);
  }
  const errors: Record<string, string> = {};
  checkProp(commands, COMMANDS, '', { errors, checkFormat: () => undefined });
  const findings = Object.entries(errors).map(([path, text]) => `${path}: ${text}\n`);
  if (findings.length === 0) return;
  throw new FormatError(
    `commands is not a valid array of commands: 400 Parameter verification failed.\n${findings.join('')}`,
  );
}

function calendarEvent(value: string): void {
  if (isCalendarEvent(value)) return;
  refuse(`invalid calendar event '${value}' - unable to parse calendar event`);
}

function subnetId(value: string): void {
  const [, address = '', mask = ''] = value.split('-');
  const cidr = value.includes('/') ? value : `${address}/${mask}`;
  const check = networkFormats['CIDR'];
  if (!check || !passes(check, cidr)) refuse('value does not look like a valid CIDR network');
}

function routeTarget(value: string): void {
  const parts = perlPattern('^(\\d+):(\\d+)$').exec(value);
  const fits = parts?.slice(1).every((part) => perlNumber(part) <= 4294967295);
  if (!fits) refuse('value does not look like a valid bgp route-target');
}

export const clusterFormats: Record<string, FormatCheck> = {
  'pve-node': byPattern(LABEL, () => 'value does not look like a valid node name'),
  'pve-configid': byPattern('[a-z][a-z0-9_-]+', (v) => `invalid configuration ID '${v}'`, 'i'),
  'pve-ha-node': byPattern(`${LABEL}(:\\d+)?`, () => 'value does not look like a valid ha node'),
  'pve-ha-resource-id': haResource,
  'pve-ha-resource-or-vm-id': (value) => {
    if (!perlMatches('\\d+', value)) haResource(value);
  },
  'pve-replication-job-id': replicationJob,
  'pve-calendar-event': calendarEvent,
  'pve-day-of-week': byPattern('(mon|tue|wed|thu|fri|sat|sun)', (v) => `invalid day '${v}'`),
  'pve-task-status-type': byPattern('(ok|error|warning|unknown)', (v) => `invalid status '${v}'`, 'i'),
  'pve-command-batch': commandBatch,
  'graphite-path': byPattern(`(${LABEL}\\.)*${LABEL}`, () => 'value does not look like a valid graphite path'),
  'pem-certificate': pem('CERTIFICATE'),
  'pem-certificate-chain': pem('CERTIFICATE', { chain: true }),
  'pem-string': pem('.*?'),
  'pve-acme-domain': byPattern(
    '[a-z0-9][a-z0-9_-]*(?:\\.[a-z0-9][a-z0-9_-]*)+',
    (v) => `value '${v}' does not look like a valid domain name!`,
    'i',
  ),
  'pve-acme-alias': byPattern(
    '[a-z0-9_][a-z0-9_-]*(?:\\.[a-z0-9_][a-z0-9_-]*)+',
    (v) => `value '${v}' does not look like a valid alias name!`,
    'i',
  ),
  'pve-sdn-subnet-id': subnetId,
  'pve-sdn-bgp-rt': routeTarget,
  'pve-sdn-isis-net': byPattern(
    '[a-fA-F0-9]{2}(\\.[a-fA-F0-9]{4}){3,9}\\.[a-fA-F0-9]{2}',
    () => 'value does not look like a valid isis net',
  ),
  'pve-sdn-fabric-id': byPattern(
    '[a-zA-Z0-9][a-zA-Z0-9-]{0,6}[a-zA-Z0-9]?',
    (v) => `Fabric ID '${v}' contains illegal characters`,
  ),
};
