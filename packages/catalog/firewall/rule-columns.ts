import { type ColumnDef, computed, count, extracted, flag, given, text, unknownCell } from '../kit/index.ts';
import { levelColumns } from './level-cells.ts';
import { holdsPort, macroPorts, services, serviceWords } from './services.ts';

/** What a rule says. Absent parts match everything; no ports in `ports` stand for all of them. */
export const ruleColumns: Record<string, ColumnDef> = {
  ...levelColumns,
  group: given('GROUP', 'group', 'text', 'text', { words: 'security group|group' }),
  pos: count('POS', 'pos', { words: 'position|pos|number' }),
  enabled: flag('ON', 'enable', {
    absent: false,
    words: 'enabled',
    yes: 'enabled|active|in use|switched on',
    no: 'disabled|inactive|switched off|not enabled',
  }),
  direction: text('DIRECTION', 'type', {
    words: 'direction|type',
    values: {
      in: 'incoming|inbound|ingress|in|incoming traffic|incoming connection|inbound traffic',
      out: 'outgoing|outbound|egress|out|outgoing traffic|outgoing connection|outbound traffic',
      forward: 'forwarding|forward',
      group: 'group reference',
    },
  }),
  action: text('ACTION', 'action', {
    words: 'action|verdict|target',
    values: {
      ACCEPT:
        'accept|accepting|allow|allowing|permit|permitting|allowed|accepted|allow traffic|accept traffic|let traffic in',
      DROP: 'drop|dropping|dropped|block|blocking|blocked|deny|denying|denied|drop traffic|block traffic',
      REJECT: 'reject|rejecting|rejected',
    },
  }),
  macro: text('MACRO', 'macro', { words: 'macro|application', absent: '' }),
  proto: text('PROTO', 'proto', {
    words: 'protocol|proto',
    absent: '',
    values: { tcp: 'tcp', udp: 'udp', icmp: 'icmp' },
  }),
  source: text('SOURCE', 'source', { words: 'source|source address|origin|from address', absent: '' }),
  dest: text('DEST', 'dest', { words: 'destination|dest|destination address', absent: '' }),
  dport: text('PORT', 'dport', { words: 'port|destination port|dport|target port', absent: '' }),
  sport: text('SOURCE PORT', 'sport', { words: 'source port|sport', absent: '' }),
  iface: text('INTERFACE', 'iface', { words: 'interface', absent: '' }),
  log: text('LOG', 'log', { words: 'log level|log|logging', absent: 'nolog' }),
  comment: text('COMMENT', 'comment', { words: 'comment|note|description', absent: '' }),
  ports: extracted('PORTS', 'list', 'text', 'base', (data) => {
    const [dport, macro] = [String(data['dport'] ?? ''), String(data['macro'] ?? '')];
    if (dport) return { value: dport.split(/[\s,]+/).filter(Boolean), keys: ['dport'] };
    if (!macro) return { value: [], keys: [] };
    const ports = macroPorts[macro];
    return ports === undefined || ports.length === 0
      ? unknownCell(`which ports the macro ${macro} stands for is not known here`)
      : { value: [...ports], keys: ['macro'] };
  }),
  services: computed(
    'SERVICES',
    ['ports', 'proto'],
    { unit: 'text', type: 'list', formula: 'services behind ports', words: 'service', values: serviceWords },
    (ports: readonly string[], proto: string) =>
      ['', 'tcp', 'udp'].includes(proto)
        ? services.filter(({ port }) => holdsPort(ports, port)).map(({ name }) => name)
        : [],
  ),
  open: computed(
    'OPEN TO ALL',
    ['enabled', 'direction', 'action', 'source'],
    { unit: 'yes_no', type: 'flag', formula: 'accepts incoming from any source', words: 'open to all|open' },
    (on: boolean, direction: string, action: string, source: string) =>
      on && direction === 'in' && action === 'ACCEPT' && isAnywhere(source),
  ),
};

/** No source, or one that holds every address. */
function isAnywhere(source: string): boolean {
  const parts = source.split(/[\s,]+/).filter(Boolean);
  return parts.length === 0 || parts.some((part) => ['0.0.0.0/0', '::/0', '0.0.0.0-255.255.255.255'].includes(part));
}
