/** The road of changes: a command becomes a plan, a person approves it, it is carried out once, and checked. */
export { approve, cancel, type DecideDeps } from './approve.ts';
export { begin, cancelJob } from './begin.ts';
export type { RunDeps, RunHooks } from './deps.ts';
export { type Draft, type Drafted, draftPlan } from './draft.ts';
export { hashOf } from './hash.ts';
export { type ApprovalRules, defaultRules, proposalAudit, proposalOf } from './propose.ts';
export { rehearsePlan } from './rehearse.ts';
export { runJob } from './run.ts';
export { resumeDue } from './takeover.ts';
