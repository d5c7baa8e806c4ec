import type { State } from '@pxa/sandbox';
import { canonical } from './hash.ts';

type Row = Readonly<Record<string, unknown>>;
/** What is configured of some things of a kind, as `web-01 cores` → `4`. */
export type Values = ReadonlyMap<string, string>;

/** What Proxmox adds to a thing when it lists it, and what follows from other things. */
const NOT_CONFIGURED = new Set(['digest', 'next-run', 'priority', 'active', 'tokens', 'realm-type']);

/** All that is configured beside guests and their volumes, by kind. */
export function listsOf(state: State): Map<string, Values> {
  const { nodes, ha, backupJobs, replication, storages, access, firewall, options } = state;
  const ofNodes = [...nodes.values()].flatMap((node): [string, Values][] => [
    [`network of ${node.name}`, withChanges(byKey(node.network, 'iface'), node.networkChanges)],
    [`firewall of ${node.name}`, ofFirewall(node.firewall)],
    [`settings of ${node.name}`, byKey([{ of: 'node', ...node.dns, ...node.config, hosts: node.hosts }], 'of')],
  ]);
  return new Map([
    ['HA', byKey(ha.resources, 'sid')],
    ['HA rules', byKey(ha.rules ?? ha.groups ?? [], ha.rules ? 'rule' : 'group')],
    ['backup jobs', byKey(backupJobs, 'id')],
    ['replication', byKey(replication, 'id')],
    ['storages', byKey([...storages.values()], 'storage')],
    ['users', byKey(access.users, 'userid')],
    ['user groups', new Map(access.groups.map(({ groupid, users }) => [groupid, users.toSorted().join(', ')]))],
    ['roles', byKey(access.roles, 'roleid')],
    ['tokens', byKey(access.tokens, 'tokenid')],
    ['permissions', new Map(access.acl.map((row) => [`${row.path} ${row.type} ${row.ugid} ${row.roleid}`, 'given']))],
    ['pools', new Map(access.pools.map(({ poolid, vms }) => [poolid, inOrder(vms.map(Number))]))],
    ['firewall of the cluster', ofFirewall(firewall)],
    ['options', byKey([{ of: 'cluster', ...options }], 'of')],
    ...ofNodes,
  ]);
}

/** What a firewall is configured to do; a rule by its place. */
export function ofFirewall(of: State['firewall'] | Omit<State['firewall'], 'groups'> | undefined): Values {
  if (of === undefined) return new Map();
  const options = Object.entries(of.options).map(([key, value]) => [`options ${key}`, textOf(value)] as const);
  const rules = of.rules.map((row, pos) => ({ ...row, pos: `rule ${pos}` }));
  const groups = 'groups' in of ? of.groups : [];
  return new Map([
    ...options,
    ...byKey(rules, 'pos'),
    ...byKey(of.aliases, 'name'),
    ...byKey(of.ipsets, 'name'),
    ...byKey(groups, 'group'),
  ]);
}

function byKey(rows: readonly object[], id: string): Map<string, string> {
  return new Map(
    // Rows are objects of a form of their own each; all that matters here are their keys.
    (rows as readonly Row[]).flatMap((row) => {
      const name = String(row[id]);
      const set = Object.entries(row).filter(
        ([key, value]) => key !== id && !NOT_CONFIGURED.has(key) && value !== undefined,
      );
      return [[name, 'there'], ...set.map(([key, value]): [string, string] => [`${name} ${key}`, textOf(value)])];
    }),
  );
}

/** The order of texts in a list (privileges, families of addresses) means nothing. */
function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.toSorted().join(', ');
  return typeof value === 'object' && value !== null ? canonical(value) : String(value);
}

function withChanges(rows: Map<string, string>, changes: string | undefined): Values {
  if (changes !== undefined) rows.set('changes', 'waiting');
  return rows;
}

const inOrder = (vmids: number[]): string => vmids.toSorted((a, b) => a - b).join(', ');
