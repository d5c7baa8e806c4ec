/** The road of changes: a command becomes a plan, a person approves it, it is carried out once, and checked. */
export { type Draft, type Drafted, draftPlan } from './draft.ts';
export { type ApprovalRules, defaultRules, proposalAudit, proposalOf } from './propose.ts';
export { hashOf } from './hash.ts';
