import type { Assistant, Changes } from '@pxa/assistant';
import type { Service } from '../service.ts';

/** Plans and jobs of all clusters: they are in the one store, which each of the assistants reads. */
export function allChanges({ clusters }: Service): Changes {
  const [first] = clusters.values();
  if (first === undefined) throw new Error('the service was started without a cluster');
  return changesOf(first);
}

/** What is changed on a cluster; the service never goes without. */
export function changesOf({ changes }: Assistant): Changes {
  if (changes === undefined) throw new Error('the service was started without a store for changes');
  return changes;
}

/** A plan with its approval, and the cluster that it is for: no other may carry it out. */
export interface KeptPlan {
  readonly cluster: Assistant;
  readonly changes: Changes;
  readonly found: NonNullable<Awaited<ReturnType<Changes['plan']>>>;
}

/** A plan by its id; undefined where there is none, or none for a cluster that is connected. */
export async function keptPlan({ clusters }: Service, id: string): Promise<KeptPlan | undefined> {
  for (const cluster of clusters.values()) {
    const changes = changesOf(cluster);
    const found = await changes.plan(id);
    if (found === undefined) return undefined;
    if (clusters.size === 1 || found.approval.cluster === (await changes.clusterId()))
      return { cluster, changes, found };
  }
  return undefined;
}
