import type { Assistant, Looked, LookHooks } from '@pxa/assistant';
import type { Answer, Query } from '@pxa/contract';
import { Problem } from './problem.ts';

type Seen = Extract<Looked, { ok: true }>;

/** What a cluster tells, from one reading of it. @throws Problem 503 where it tells nothing */
export async function lookAt(cluster: Assistant, queries: readonly Query[], hooks?: LookHooks): Promise<Seen> {
  const looked = await cluster.look(queries, hooks);
  if (looked.ok) return looked;
  throw clusterSilent(looked.why, looked.nextStep);
}

/** That an order was not planned because the cluster did not answer. */
export function clusterProblem(answer: Answer): Problem {
  const next = answer.findings.find(({ next_step: step }) => step !== undefined)?.next_step;
  return clusterSilent('reason' in answer ? answer.reason : 'The cluster did not answer.', next);
}

/** That a cluster tells nothing, and why. */
export function clusterSilent(why: string, next: string | undefined): Problem {
  return new Problem(503, 'CLUSTER_UNAVAILABLE', why, next === undefined ? {} : { next_step: next });
}
