import type { Answered } from '@pxa/catalog';
import type { Filter, Query } from '@pxa/contract';
import { CLUSTER, isIn, type Rule, SCAN_TYPES, type ScanType, type TargetKind } from './rule.ts';
import { RULES } from './rules/index.ts';

/** What targets are called by their kinds. */
export type TargetWord = 'vm' | 'container' | 'node' | 'cluster';

const WORDS: Readonly<Record<TargetKind, readonly TargetWord[]>> = {
  guest: ['vm', 'container'],
  node: ['node'],
  cluster: ['cluster'],
};

/** What a scan is to look at; undefined stands for everything. */
export interface Wish {
  readonly targets: readonly string[] | undefined;
  readonly nodes: readonly string[] | undefined;
  readonly types: readonly ScanType[] | undefined;
  /** Kinds of targets, by the words for them. */
  readonly kinds: readonly string[] | undefined;
  /** Whether changelogs are read: a call for each pending update. */
  readonly isDeep: boolean;
}

/** The targets by kind: their row ids, with what they are called. */
export type Scope = Readonly<Record<TargetKind, ReadonlyMap<string, string>>>;

/** The questions that tell which targets there are: one call to Proxmox between them. */
export const SCOPE_QUERIES: readonly Query[] = [
  {
    dataset: 'guests',
    where: { op: 'compare', column: 'template', is: '=', value: false },
    columns: ['type', 'vmid', 'name', 'node'],
  },
  { dataset: 'nodes', columns: ['node'] },
];

/** The targets that there are and that a scan is to look at. */
export function scopeOf([guests, nodes]: readonly Answered[], { targets, nodes: named, kinds }: Wish): Scope {
  const isKind = (kind: TargetWord): boolean => kinds === undefined || kinds.includes(kind);
  const meant = targets && new Set(targets);
  const isMeant = (id: string): boolean => meant === undefined || meant.has(id);
  const isOn = (node: unknown): boolean => named === undefined || named.includes(String(node));
  const guestNames = (guests?.rows ?? [])
    .filter(({ id, cells }) => isMeant(id) && isOn(cells['node']))
    .filter(({ cells }) => isKind(cells['type'] === 'lxc' ? 'container' : 'vm'))
    .map(({ id, cells }): [string, string] => {
      const kind = cells['type'] === 'lxc' ? 'Container' : 'VM';
      const name = cells['name'] === null ? '' : ` (${String(cells['name'])})`;
      return [id, `${kind} ${String(cells['vmid'])}${name}`];
    });
  const nodeNames = (nodes?.rows ?? [])
    .filter(({ id, cells }) => isMeant(id) && isOn(cells['node']))
    .map(({ id, cells }): [string, string] => [id, `node ${String(cells['node'])}`]);
  const isWhole = isMeant(CLUSTER) && named === undefined;
  return {
    guest: new Map(guestNames),
    node: new Map(nodeNames),
    cluster: new Map(isWhole ? [[CLUSTER, 'the cluster']] : []),
  };
}

/** The rules that a scan goes by. */
export function rulesOf({ targets, nodes, types, kinds, isDeep }: Wish): readonly Rule[] {
  const wanted = types ?? SCAN_TYPES;
  return RULES.filter(
    (rule) =>
      (isDeep || rule.isDeep !== true) &&
      wanted.some((type) => isIn(type, rule)) &&
      mayHold(rule.about, targets, nodes) &&
      WORDS[rule.about].some((word) => kinds === undefined || kinds.includes(word)),
  );
}

/** Whether targets of a kind can be among those that are named, so that rules about others ask nothing. */
function mayHold(kind: TargetKind, targets: Wish['targets'], nodes: Wish['nodes']): boolean {
  if (kind === 'cluster') return nodes === undefined && (targets === undefined || targets.includes(CLUSTER));
  if (targets === undefined) return true;
  return targets.some((id) => (kind === 'node' ? id.startsWith('node/') : /^(qemu|lxc)\//.test(id)));
}

/** The condition that narrows a look to the named targets; undefined where it is not narrowed. */
export function narrowing(rule: Rule, column: string | undefined, { targets, nodes }: Wish): Filter | undefined {
  if (column === undefined) return undefined;
  if (rule.about === 'node') {
    const names = targets?.filter((id) => id.startsWith('node/')).map((id) => id.slice('node/'.length));
    const both =
      names === undefined ? nodes : nodes === undefined ? names : names.filter((name) => nodes.includes(name));
    return both === undefined ? undefined : { op: 'in', column, values: [...both] };
  }
  const guests = targets?.filter((id) => /^(qemu|lxc)\//.test(id));
  return guests === undefined ? undefined : { op: 'in', column, values: guests };
}
