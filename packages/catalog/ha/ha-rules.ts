import { asFlag } from '@pxa/pve/values';
import { dataset, draft, flag, given, list, type Reading, type Rec, type RowsReader, text } from '../kit/index.ts';

/**
 * Where HA may run guests, and which of them together. From 9.0 on these are rules; before, groups, in which a guest is by
 * its own entry (pve-ha-manager: the first change after the upgrade turns groups into rules).
 */
const rows: RowsReader = async (reading) => {
  const rules = await reading.list('/cluster/ha/rules', {});
  if (rules.ok) {
    return rules.data.map((rec) =>
      draft(`ha-rule/${String(rec.data['rule'])}`, rec, {
        name: { value: String(rec.data['rule']), at: rec.at },
        enabled: { value: asFlag(rec.data['disable']) !== true, at: `not disable: ${rec.at}` },
      }),
    );
  }
  const groups = await reading.list('/cluster/ha/groups', {});
  if (groups.ok) return groupRows(reading, groups.data);
  reading.lacks('HA rules', rules.why, rules.nextStep);
  return [];
};

async function groupRows(reading: Reading, groups: readonly Rec[]): ReturnType<RowsReader> {
  const got = await reading.list('/cluster/ha/resources', {});
  if (!got.ok) reading.lacks('the guests of HA groups', got.why, got.nextStep);
  return groups.map((rec) => {
    const group = String(rec.data['group']);
    const members = got.ok ? got.data.filter(({ data }) => data['group'] === group) : [];
    const sids = members.map(({ data }) => String(data['sid']));
    return draft(`ha-rule/${group}`, rec, {
      name: { value: group, at: rec.at },
      kind: { value: 'group', at: rec.at },
      enabled: { value: true, at: `a group always holds: ${rec.at}` },
      resources: { value: sids, at: `resources of the group: ${members.map(({ at }) => at).join(', ') || got.at}` },
      strict: { value: asFlag(rec.data['restricted']) === true, at: `restricted: ${rec.at}` },
    });
  });
}

const kinds = {
  'node-affinity': 'node affinity|about nodes',
  'resource-affinity': 'resource affinity|about guests',
  group: 'group',
};

const resources = list('GUESTS', 'resources', { words: 'resource|member' });
const kind = text('KIND', 'type', { words: 'kind|type|rule type', values: kinds });
const strict = flag('STRICT', 'strict', { words: 'strict', absent: false });

/** The rules of the HA manager, or the groups that were there before them. */
export const haRules = dataset({
  id: 'ha-rules',
  title: 'HA rules',
  counted: 'count',
  nouns: [
    {
      words:
        'ha rule|ha group|high availability rule|high availability group|affinity rule|ha affinity rule|node affinity rule|resource affinity rule',
      title: 'HA rules',
    },
  ],
  rows,
  columns: {
    name: given('RULE', 'name', 'text', 'text', { words: 'name|rule name' }),
    // Of a group, its own reader knows what Proxmox has no field for.
    kind: { ...kind, read: (row, cell) => row.given['kind'] ?? kind.read(row, cell) },
    resources: { ...resources, read: (row, cell) => row.given['resources'] ?? resources.read(row, cell) },
    nodes: list('NODES', 'nodes', { words: 'node|host', absent: [] }),
    affinity: text('AFFINITY', 'affinity', {
      words: 'affinity',
      absent: '',
      values: { positive: 'positive|together', negative: 'negative|apart' },
    }),
    strict: { ...strict, read: (row, cell) => row.given['strict'] ?? strict.read(row, cell) },
    enabled: given('ENABLED', 'enabled', 'flag', 'yes_no', { yes: 'enabled|active|in force', no: 'disabled|inactive' }),
    comment: text('COMMENT', 'comment', { words: 'comment|note', absent: '' }),
  },
  identity: ['name'],
  shown: ['name', 'kind', 'resources', 'nodes', 'affinity', 'enabled'],
  named: 'name',
  order: [{ column: 'name', dir: 'asc' }],
});
