import { asObject } from '@pxa/pve/values';
import {
  computed,
  dataset,
  draft,
  type Draft,
  flag,
  isUnknown,
  pointer,
  type Reading,
  text,
  type Cell,
  type ColumnDef,
  type ColumnWords,
  unknownCell,
  is,
} from '../kit/index.ts';
import { askedLevels, idOf, type Level, nameOfLevel, readOptions, rowOfLevel } from './levels.ts';
import { levelCells, levelColumns } from './level-cells.ts';

/** The firewall of the datacenter, of each node and of each guest: whether it is on, and what it does by default. */
export const firewalls = dataset({
  id: 'firewalls',
  title: 'Firewall',
  counted: 'count',
  weight: 6,
  nouns: [
    { words: 'firewall|firewall status|firewall option|firewall state|firewall setting', title: 'Firewall' },
    {
      words: 'datacenter firewall|cluster firewall|global firewall',
      where: is('level', 'datacenter'),
      title: 'Datacenter firewall',
    },
    { words: 'node firewall|host firewall', where: is('level', 'node'), title: 'Node firewalls' },
    { words: 'guest firewall|vm firewall', where: is('level', 'guest'), title: 'Guest firewalls' },
    {
      words:
        'firewall on|firewall switched on|firewall turned on|firewall enabled|firewall active|firewall running|firewall up',
      where: is('enabled', true),
      title: 'Firewalls that are on',
    },
    {
      words: 'firewall off|firewall switched off|firewall turned off|firewall disabled|firewall inactive|firewall down',
      where: is('enabled', false),
      title: 'Firewalls that are off',
    },
  ],
  rows,
  details: {
    datacenter: async (reading) => recordOf(await readOptions(reading, { level: 'datacenter' })),
  },
  columns: {
    ...levelColumns,
    enabled: {
      ...flag('ON', 'enable', {
        words: 'firewall|enabled|firewall status|status|state',
        yes: 'on|enabled|active|switched on|turned on',
        no: 'off|disabled|inactive|switched off|turned off|not enabled|not active',
      }),
      read: enabled,
    },
    policy_in: policy('POLICY IN', 'policy_in', 'DROP', {
      words:
        '(default)? (input|inbound|incoming|in|ingress) policy|policy|default policy|(default)? policy for (incoming|inbound) traffic',
      values: { ACCEPT: 'accepting', DROP: 'dropping', REJECT: 'rejecting' },
    }),
    policy_out: policy('POLICY OUT', 'policy_out', 'ACCEPT', {
      words:
        '(default)? (output|outbound|outgoing|out|egress) policy|(default)? policy for (outgoing|outbound) traffic',
    }),
    log_in: text('LOG IN', 'log_level_in', { words: 'log level', absent: 'nolog' }),
    macfilter: flag('MAC FILTER', 'macfilter', {
      words: 'mac filter',
      absent: true,
      yes: 'with mac filter',
      no: 'without mac filter',
    }),
    ipfilter: flag('IP FILTER', 'ipfilter', {
      words: 'ip filter',
      absent: false,
      yes: 'with ip filter',
      no: 'without ip filter',
    }),
    datacenter_on: {
      label: 'DATACENTER ON',
      type: 'flag',
      unit: 'yes_no',
      from: ['datacenter'],
      uses: [],
      read: (row) => onOf(row, 'datacenter', false),
    },
    in_force: computed(
      'IN FORCE',
      ['enabled', 'datacenter_on'],
      {
        unit: 'yes_no',
        type: 'flag',
        formula: 'enabled and datacenter_on',
        words: 'in force',
        yes: 'in force|effective|really on',
        no: 'not in force|without effect',
      },
      (on: boolean, above: boolean) => on && above,
    ),
  },
  identity: ['level', 'of'],
  shown: ['level', 'of', 'enabled', 'in_force', 'policy_in', 'policy_out'],
  named: 'of',
  scopes: { guest: 'guest', node: 'node' },
  phrases: [
    {
      say: 'with (an)? (input|inbound)? policy accept|open by default|accepting by default',
      where: is('policy_in', 'ACCEPT'),
    },
    { say: '(of|for|on) (the)? (datacenter|data center)', where: is('level', 'datacenter') },
    { say: 'of (all|the|every|each)? (guests|guest|vms|vm)', where: is('level', 'guest') },
    { say: 'of (all|the|every|each)? (containers|container)', where: is('guest_type', 'lxc') },
    { say: 'of (all|the|every|each)? (nodes|node|hosts|host)', where: is('level', 'node') },
  ],
  order: [
    { column: 'level', dir: 'asc' },
    { column: 'of', dir: 'asc' },
  ],
  findings: [
    {
      code: 'firewall.off',
      severity: 'warning',
      needs: ['enabled', 'level', 'of'],
      check: (value) =>
        value('level') === 'datacenter' && value('enabled') === false
          ? {
              text: 'The firewall is off for the datacenter: no rule of any node or guest is in force.',
              next_step:
                'Make sure that rules let you in (SSH, 8006), then switch it on: Datacenter → Firewall → Options.',
            }
          : undefined,
    },
    {
      code: 'firewall.guest_off',
      severity: 'info',
      when: 'focused',
      needs: ['enabled', 'level', 'of'],
      check: (value) =>
        value('level') === 'guest' && value('enabled') === false
          ? {
              text: `The firewall of ${String(value('of'))} is off.`,
              next_step: 'Switch it on in its Firewall → Options.',
            }
          : undefined,
    },
    {
      code: 'firewall.guest_idle',
      severity: 'warning',
      // Of many guests at once, that of the datacenter says it for them all.
      needs: ['enabled', 'datacenter_on', 'level', 'of'],
      check: (value) =>
        value('level') === 'guest' && value('enabled') === true && value('datacenter_on') === false
          ? {
              text: `The firewall of ${String(value('of'))} is on, but has no effect: that of the datacenter is off.`,
              next_step: 'Switch that on: Datacenter → Firewall → Options. Make sure that rules let you in before.',
            }
          : undefined,
    },
  ],
});

async function rows(reading: Reading): Promise<Draft[]> {
  // The firewall of nobody in particular is that of the datacenter, which all others hang on.
  const levels = await askedLevels(reading, 'the firewall', ['datacenter']);
  const found = await reading.each(levels, (level) => rowOf(reading, level));
  return found.flat();
}

async function rowOf(reading: Reading, level: Level): Promise<Draft[]> {
  const got = await readOptions(reading, level);
  if (!got.ok) {
    reading.lacks(`the firewall of ${nameOfLevel(level)}`, got.why, got.nextStep, rowOfLevel(level));
    return [];
  }
  const data = asObject(got.data) ?? {};
  return [draft(`firewall/${idOf(level)}`, { data, at: got.at }, levelCells(level, got.at))];
}

function recordOf(
  got: Awaited<ReturnType<typeof readOptions>>,
): { data: Record<string, unknown>; at: string } | { unknown: string } {
  return got.ok ? { data: asObject(got.data) ?? {}, at: got.at } : { unknown: got.why };
}

/** Nodes' firewalls are on where nothing is set, those of guests and of the datacenter off (pve-firewall's options). */
function enabled(row: Draft): Cell {
  return onOf(row, 'base', row.given['level']?.value === 'node');
}

function onOf(row: Draft, source: string, absent: boolean): Cell {
  const rec = row.recs[source];
  if (rec === undefined) return unknownCell('the firewall’s options were not read');
  if (isUnknown(rec)) return unknownCell(rec.unknown);
  const { enable } = rec.data;
  const on = enable === undefined || enable === null ? absent : Number(enable) >= 1;
  return { value: on, at: pointer(rec.at, 'enable') };
}

/** Nodes have no policy of their own: the datacenter's applies to them (pve-firewall, host options). */
function policy(label: string, key: string, absent: string, words: ColumnWords): ColumnDef {
  const column = text(label, key, { ...words, absent });
  const read: ColumnDef['read'] = (row, cell) =>
    row.given['level']?.value === 'node' ? unknownCell('the datacenter’s policy applies') : column.read(row, cell);
  return { ...column, read };
}
