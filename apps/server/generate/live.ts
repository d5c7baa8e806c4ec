import type { Live, LiveRule } from '@pxa/assistant/generate';
import type { Query, View } from '@pxa/contract';
import type { GuestId } from '../guests/ids.ts';
import { Cells } from '../http/cells.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';

/** A guest as its cluster tells of it now: a few calls, however large the cluster is. Undefined where there is none. @throws Problem 503 */
export async function liveGuest({ cluster, kind, vmid, guest }: GuestId): Promise<Live | undefined> {
  const of = (dataset: string, columns: string[]): Query => ({ dataset, where: same('guest', guest), columns });
  const isIt = all(same('vmid', vmid), same('type', kind === 'vm' ? 'qemu' : 'lxc'));
  const { views } = await lookAt(cluster, [
    { dataset: 'guests', where: isIt, columns: ['node', 'status', 'template'] },
    of('guest-config', ['key', 'value']),
    of('firewalls', ['enabled', 'policy_in', 'policy_out']),
    of('firewall-rules', RULE),
    {
      dataset: 'ha',
      where: same('sid', `${kind}:${vmid}`),
      columns: ['sid', 'request_state', 'max_restart', 'max_relocate'],
    },
  ]);
  const [seen, config, firewall, rules, ha] = views;
  const row = seen?.rows[0];
  if (row === undefined) return undefined;
  const told = new Cells(row);
  return {
    kind: kind === 'vm' ? 'vm' : 'container',
    vmid,
    node: told.text('node') ?? '',
    isRunning: told.text('status') === 'running',
    ha: haOf(ha),
    config: settingsOf(config),
    firewall: firewallOf(firewall, rules),
  };
}

const RULE = [
  'direction',
  'action',
  'proto',
  'dport',
  'sport',
  'source',
  'dest',
  'macro',
  'enabled',
  'comment',
  'iface',
  'pos',
];

function settingsOf(view: View | undefined): Record<string, string> {
  const pairs = (view?.rows ?? []).map(({ cells }) => [String(cells['key']), String(cells['value'])]);
  return Object.fromEntries(pairs) as Record<string, string>; // both are texts
}

function haOf(view: View | undefined): Live['ha'] {
  const row = view?.rows[0];
  if (row === undefined) return null;
  const cells = new Cells(row);
  return {
    state: cells.text('request_state') ?? 'started',
    maxRestart: cells.number('max_restart'),
    maxRelocate: cells.number('max_relocate'),
  };
}

function firewallOf(view: View | undefined, rules: View | undefined): Live['firewall'] {
  const row = view?.rows[0];
  if (row === undefined) return null;
  const cells = new Cells(row);
  return {
    enabled: cells.flag('enabled') ?? false,
    input: cells.text('policy_in'),
    output: cells.text('policy_out'),
    rules: (rules?.rows ?? []).map((each) => ruleOf(new Cells(each))),
  };
}

const ruleOf = (cells: Cells): LiveRule => ({
  direction: cells.text('direction'),
  action: cells.text('action'),
  protocol: cells.text('proto'),
  ports: cells.text('dport'),
  source: cells.text('source'),
  dest: cells.text('dest'),
  macro: cells.text('macro'),
  enabled: cells.flag('enabled') ?? true,
  comment: cells.text('comment'),
});
