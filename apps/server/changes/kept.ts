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

/** A plan by its id; undefined where there is none, or none for a cluster that is connected. Asks no cluster. */
export async function keptPlan(service: Service, id: string): Promise<KeptPlan | undefined> {
  const found = await allChanges(service).plan(id);
  const cluster = found && clusterOf(service, found.approval.cluster);
  return found && cluster && { cluster, changes: changesOf(cluster), found };
}

/**
 * The connection that a plan or a job was made over, by its cluster's name as they carry it: `NAME at CONNECTION`, where no
 * name has a space. That it is still the same cluster is looked at before anything is carried out.
 */
export function clusterOf({ clusters }: Service, named: string): Assistant | undefined {
  const connection = named.slice(named.indexOf(' at ') + ' at '.length);
  return [...clusters.values()].find((cluster) => changesOf(cluster).connection === connection);
}
