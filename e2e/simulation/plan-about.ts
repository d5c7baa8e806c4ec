import type { PlanRecord } from '@pxa/contract';

/** Calls that are about all guests of a node, or about the node: HA and the node itself then act on many. */
const WHOLE_NODE = /^\/nodes\/[^/]+\/(?:status|stopall|startall|suspendall|migrateall|wakeonlan)$/;

export const isAboutWholeNodes = ({ plan }: PlanRecord): boolean =>
  plan.steps.some(({ path }) => WHOLE_NODE.test(path));

/** The guests that a plan is about, by the paths and parameters of its calls. */
export function vmidsOf({ plan, records }: PlanRecord): Set<number> {
  const calls = [...plan.steps, ...records.flatMap(({ undo }) => undo)];
  const texts = calls.flatMap(({ path, params }) => [
    ...[...path.matchAll(/\/(?:qemu|lxc)\/(\d+)/g)].map(([, id]) => id),
    ...[...path.matchAll(/(?:vm|ct):(\d+)/g)].map(([, id]) => id),
    ...['vmid', 'newid', 'target-vmid', 'sid', 'vms', 'guests', 'resources'].flatMap(
      (key) => String(params[key] ?? '').match(/\d+/g) ?? [],
    ),
  ]);
  return new Set(texts.map(Number));
}
