import { asText } from '@pxa/pve/values';
import {
  all,
  dataset,
  draft,
  type Draft,
  type FindingRule,
  is,
  isNot,
  type Reading,
  type SummaryRow,
  countText,
} from '../kit/index.ts';
import { levelCells } from './level-cells.ts';
import { askedLevels, idOf, nameOfLevel, readRules, rowOfLevel } from './levels.ts';
import { ruleColumns } from './rule-columns.ts';
import { services } from './services.ts';

/** The rules of the firewall: of the datacenter, of security groups, of nodes and of guests. */
export const rules = dataset({
  id: 'firewall-rules',
  title: 'Firewall rules',
  counted: 'count',
  weight: 5,
  nouns: [
    {
      words: 'firewall rule|rule of (the)? firewall|rule in (the)? firewall|fw rule|iptables rule|packet filter rule',
      title: 'Firewall rules',
    },
    {
      words:
        '(firewall)? rule (of|for|on|at|in) (the)? (datacenter|data center|cluster) (level)?|datacenter level rule|datacenter firewall rule|datacenter rule|cluster firewall rule|cluster wide rule|cluster wide firewall rule',
      where: is('level', 'datacenter'),
      title: 'Firewall rules of the datacenter',
    },
    {
      words:
        'port (are|is|that are|which are)? (open|allowed)|open port|reachable port|allowed port|port (does|do) (the|our)? firewall (allow|permit|let in|let through|open)|port (the|our)? firewall (allows|permits|lets in|lets through|opens)',
      where: all(is('action', 'ACCEPT'), is('enabled', true), is('direction', 'in')),
      title: 'Rules that open ports',
    },
    { words: 'security group rule', where: is('level', 'group'), title: 'Rules of security groups' },
    { words: 'rule', title: 'Firewall rules', weak: true },
  ],
  rows,
  columns: ruleColumns,
  identity: ['of', 'pos'],
  shown: ['of', 'pos', 'enabled', 'direction', 'action', 'macro', 'proto', 'source', 'dest', 'dport', 'comment'],
  scopes: { guest: 'guest', node: 'node' },
  phrases: [
    { say: '(apply|applies|applying|effective|in effect|valid|set|defined) (to|for|on)?' },
    {
      say: 'open to (the)? (world|internet|everyone|everybody|anyone|all|public)|from (anywhere|everywhere|any source|any address)|(without|with no) source|with any source|unrestricted|exposed|public',
      where: is('open', true),
      focus: ['action', 'proto', 'source', 'dport', 'macro'],
    },
    {
      say: '(of|for|on) (the)? (datacenter|data center)|(are|is)? there (at|on|in) (the)? (datacenter|data center) (level)?|(at|on) (the)? (datacenter|data center) level',
      where: is('level', 'datacenter'),
    },
    { say: 'of (the|a)? security (group|groups)', where: is('level', 'group') },
    { say: 'logged|with logging', where: isNot('log', 'nolog'), focus: ['log'] },
  ],
  order: [
    { column: 'level', dir: 'asc' },
    { column: 'of', dir: 'asc' },
    { column: 'pos', dir: 'asc' },
  ],
  summary,
  findings: [openPort()],
});

async function rows(reading: Reading): Promise<Draft[]> {
  const levels = await askedLevels(reading, 'firewall rules');
  const found = await reading.each(levels, async (level) => {
    const got = await readRules(reading, level);
    if (!got.ok) {
      reading.lacks(`firewall rules of ${nameOfLevel(level)}`, got.why, got.nextStep, rowOfLevel(level));
      return [];
    }
    return got.data.map((rec) => draft(`rule/${idOf(level)}/${posOf(rec.data)}`, rec, levelCells(level, rec.at)));
  });
  return [...found.flat(), ...(await groupRules(reading))];
}

/** Security groups are sets of rules that the other levels refer to. */
async function groupRules(reading: Reading): Promise<Draft[]> {
  const only = reading.only('level');
  const elsewhere = ['guest', 'vmid', 'guest_name', 'guest_type', 'node'].some(
    (key) => reading.only(key) !== undefined,
  );
  if (elsewhere || (only !== undefined && !only.includes('group'))) return [];
  const groups = await reading.list('/cluster/firewall/groups', {});
  if (!groups.ok) {
    reading.lacks('security groups', groups.why, groups.nextStep);
    return [];
  }
  const found = await reading.each(groups.data, async ({ data }) => {
    const group = asText(data['group']) ?? '';
    const got = await reading.list('/cluster/firewall/groups/{group}', { group });
    if (!got.ok) {
      reading.lacks(`rules of the security group ${group}`, got.why, got.nextStep);
      return [];
    }
    return got.data.map((rec) => {
      const cell = (value: string): { value: string; at: string } => ({ value, at: rec.at });
      const given = { level: cell('group'), of: cell(group), group: cell(group) };
      return draft(`rule/group/${group}/${posOf(rec.data)}`, rec, given);
    });
  });
  return found.flat();
}

function posOf(data: Readonly<Record<string, unknown>>): string {
  return asText(data['pos']) ?? '0';
}

function openPort(): FindingRule {
  return {
    code: 'firewall.open',
    severity: 'warning',
    needs: ['open', 'ports', 'services', 'of', 'pos'],
    check: (value) => {
      const [ports, reached] = [value('ports'), value('services')];
      if (value('open') !== true || !Array.isArray(ports) || !Array.isArray(reached)) return undefined;
      const dangerous = services.filter((service) => service.dangerous && reached.includes(service.name));
      if (dangerous.length === 0) return undefined;
      const what = ports.length === 0 ? 'every port' : dangerous.map(({ name }) => name).join(', ');
      return {
        text: `Rule ${String(value('pos'))} of ${String(value('of'))} lets anyone reach ${what}.`,
        next_step: 'Give it a source: a network, an alias or an IP set.',
      };
    },
  };
}

function summary(found: readonly SummaryRow[]): string {
  const on = found.filter((row) => row('enabled') === true).length;
  return `${countText(found.length, 'rule')} · ${on} enabled`;
}
