import type { Fact } from '@pxa/contract';
import type { ParamsOf } from '@pxa/pve/facts';
import { anyNode, call, type Planned, type Planning, piece } from '../kit/index.ts';
import { type DefinitionNow, sameDefinition } from './definition-now.ts';

/** One thing that changes of a storage's definition: what is sent, and how it reads before and after. */
interface Change {
  readonly key: 'content' | 'nodes' | 'disable' | 'prune-backups';
  readonly before: string;
  readonly after: string;
  readonly sent: Omit<ParamsOf<'PUT', '/storage/{storage}'>, 'storage'>;
  readonly is: Fact;
  readonly warnings?: readonly string[];
  readonly undo?: { readonly action: string; readonly input: Readonly<Record<string, unknown>> };
}

/** What people call it. */
const CALLED = { content: 'content', nodes: 'nodes', disable: 'enabled', 'prune-backups': 'retention' } as const;

/** The plan of such a change, as one call. */
export async function change(planning: Planning, of: DefinitionNow, to: Change): Promise<Planned> {
  const called = CALLED[to.key];
  const says = `Change storage ${of.id}: ${called} ${to.after}`;
  const step = call('PUT', '/storage/{storage}', { storage: of.id, ...to.sent }, says);
  const node = of.nodes[0] ?? (await anyNode(planning));
  const { undo } = to;
  return piece({
    says,
    steps: [{ ...step, node, limitSeconds: 300, relies: [sameDefinition(of, to.key)], expects: [to.is] }],
    warnings: to.warnings ?? [],
    changes: [{ about: `storage ${of.id}`, key: called, before: to.before, after: to.after }],
    ...(undo === undefined ? {} : { undo }),
  });
}
