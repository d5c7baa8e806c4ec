import type { Run } from '@pxa/ask';
import type { Plan } from '@pxa/contract';
import type { Problem } from '@pxa/pve';
import { asList } from '@pxa/pve/values';

/** A plan as it may be looked at: what is kept holds its secrets, sealed. */
export async function shown(plan: Plan): Promise<Plan> {
  const { maskSecrets } = await import('@pxa/store');
  // A copy of the same form: only values of parameters are replaced.
  return maskSecrets(plan) as Plan;
}

/** The cluster did not say which one it is: it could not be reached, or would not tell. The message says what to do. */
export class ClusterSilent extends Error {
  override readonly name = 'ClusterSilent';
  /** What was in the way; a door tells it as it tells all such trouble. */
  readonly problem: Problem | undefined;

  constructor(why: string, nextStep: string | undefined, problem?: Problem) {
    super(`The cluster did not say which one it is: ${[why.trim(), nextStep].filter(Boolean).join(' ')}`);
    this.problem = problem;
  }
}

/** The name of a cluster in what /cluster/status tells of it; of a node that stands alone, the node's. */
export function clusterName(status: unknown): string {
  const rows: readonly unknown[] = Array.isArray(status) ? status : [];
  const named = rows.filter(isNamed);
  return (named.find(({ type }) => type === 'cluster') ?? named[0])?.name ?? 'unknown';
}

function isNamed(row: unknown): row is { type: string; name: string } {
  return typeof row === 'object' && row !== null && 'name' in row && 'type' in row && typeof row.name === 'string';
}

/** The tags of guests, from the list that was read for their names. */
export async function tagsOf(run: Run, ids: readonly string[]): Promise<string[]> {
  const got = await run.list('/cluster/resources', {});
  if (!got.ok) return [];
  const wanted = new Set(ids);
  const rows = got.data.filter(({ data }) => wanted.has(String(data['id'])));
  return [...new Set(rows.flatMap(({ data }) => asList(data['tags']) ?? []))];
}
