import type { Answer, Approval, Command, Job, Plan } from '@pxa/contract';
import type { Assistant } from '@pxa/assistant';
import { type Caller, personOf } from '../auth/caller.ts';
import { clusterProblem } from '../http/look.ts';
import { Problem } from '../http/problem.ts';
import { changesOf } from './kept.ts';
import { type Asked, refusalProblem } from './refusal.ts';

/** What came of a request for a change. */
export type Changed =
  /** It is approved, and being carried out. */
  | { readonly kind: 'begun'; readonly job: Job; readonly plan: Plan }
  /** It waits for the word of a person, or of one more. */
  | { readonly kind: 'pending'; readonly approval: Approval; readonly plan: Plan }
  /** It was so already: there was nothing to do. */
  | { readonly kind: 'already'; readonly text: string };

/**
 * Plans a change with all its guards. By a token whose own word counts, the request is its owner's approval of exactly
 * this plan, and kept as such; by another, the plan waits. @throws Problem where something is in the way
 */
export async function change(cluster: Assistant, caller: Caller, command: Command, asked: Asked): Promise<Changed> {
  const changes = changesOf(cluster);
  const by = personOf(caller);
  const answer = await cluster.order(command, { by, rejectsStoreFailures: true });
  if (answer.kind === 'answer') return { kind: 'already', text: alreadyText(answer) };
  if (answer.kind === 'clarification') throw refusalProblem(answer.clarification, asked);
  if (answer.kind !== 'plan') throw clusterProblem(answer);
  const { plan } = answer;
  const waiting = (await changes.plan(plan.id))?.approval;
  if (waiting === undefined) throw new Error(`plan ${plan.id} was proposed and is not there`);
  if (!isOwnWord(caller, waiting)) return { kind: 'pending', approval: waiting, plan };
  // The request names what is lost: it stands for the name that a person would type.
  const approved = await changes.approve(plan.id, by, plan.confirm);
  if (!approved.ok) throw new Problem(409, 'RESOURCE_CONFLICT', approved.refused, { reason: 'not_approved' });
  if (approved.job === undefined) return { kind: 'pending', approval: approved.approval, plan };
  return { kind: 'begun', job: approved.job, plan };
}

/**
 * Goes on with what an earlier attempt at the same request had planned. Undefined where nothing was begun and nothing can
 * be any more. @throws Problem
 */
export async function goOn(cluster: Assistant, caller: Caller, planId: string): Promise<Changed | undefined> {
  const changes = changesOf(cluster);
  const found = await changes.plan(planId);
  if (found === undefined) return undefined;
  const { plan } = found.record;
  const isDecided = found.approval.state !== 'pending';
  if (!isOwnWord(caller, found.approval) && !isDecided) return { kind: 'pending', approval: found.approval, plan };
  const approved = await changes.goOn(plan.id, personOf(caller), plan.confirm);
  if (approved === undefined) return undefined;
  if (!approved.ok) throw new Problem(409, 'RESOURCE_CONFLICT', approved.refused, { reason: 'not_approved' });
  if (approved.job === undefined) return { kind: 'pending', approval: approved.approval, plan };
  return { kind: 'begun', job: approved.job, plan };
}

/** Whether the request itself counts as an approval: by its token, and by the rules that the plan was proposed under. */
const isOwnWord = (caller: Caller, { requester_may: may }: Approval): boolean => caller.approval === 'own' && may;

const alreadyText = ({ findings }: Answer): string => findings.map(({ text }) => text).join(' ');
