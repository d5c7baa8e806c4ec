import type { JobStep, Proof } from '@pxa/contract';
import type { EndState } from '@pxa/store';
import type { Execution } from './execution.ts';
import type { JobEnding } from './journal.ts';
import { isDrifted } from './step.ts';
import { counted, some } from './words.ts';

/** How a job ends by how its steps did, and what a person should know of that: what was done, and what is left as it is. */
export function endingOf(x: Execution, proof: Proof | undefined): JobEnding {
  const { steps } = x.journal;
  const state = stateOf(steps, x.cancel.isAsked);
  const texts = [headline(state, steps), ...details(x, steps), ...proofText(proof)];
  return { state, result: texts.join('\n'), proof };
}

function stateOf(steps: readonly JobStep[], isCancelled: boolean): EndState {
  if (steps.every(({ state }) => state === 'done')) return 'done';
  if (isCancelled) return 'cancelled';
  if (steps.some(({ state }) => state === 'failed' || state === 'unknown')) return 'failed';
  return steps.some(isDrifted) ? 'drifted' : 'failed';
}

function headline(state: EndState, steps: readonly JobStep[]): string {
  const done = steps.filter((step) => step.state === 'done').length;
  const of = done === steps.length ? `${counted(done, 'step')}` : `${done} of ${counted(steps.length, 'step')}`;
  switch (state) {
    case 'done': {
      const warned = steps.filter(({ warnings = 0 }) => warnings > 0).length;
      return `Done: ${of}${warned > 0 ? `, ${warned} with warnings` : ''}.`;
    }
    case 'cancelled':
      return `Cancelled: ${of} done.`;
    case 'drifted':
      return `The cluster is no longer as planned: ${of} done. Ask for it again to get a plan of how it is now.`;
    case 'failed':
      return `Failed: ${of} done.`;
  }
}

/** What each kind of end is called, in the order in which a person wants to know of them. */
const KINDS: readonly (readonly [is: (step: JobStep) => boolean, called: string])[] = [
  [({ state }) => state === 'unknown', 'Not known whether done'],
  [({ state }) => state === 'failed', 'Not done'],
  [isDrifted, 'Not begun'],
  [({ warnings = 0 }) => warnings > 0, 'Done with warnings'],
  [({ state }) => state === 'undone', 'Taken back'],
  [({ state, undoing }) => state === 'done' && undoing !== undefined, 'Left as it is'],
];

function details(x: Execution, steps: readonly JobStep[]): string[] {
  const says = ({ index }: JobStep): string => x.record.plan.steps[index]?.says ?? '';
  const found = KINDS.flatMap(([is, called]) => {
    const texts = steps.filter(is).map((step) => `${says(step)}: ${step.result ?? ''}`);
    return texts.length === 0 ? [] : [`${called}: ${some(texts)}`];
  });
  return [...found, ...leftAsItIs(steps, says), ...notBegun(steps, says)];
}

/** Of a job that did not come to its end: what was done stays done. */
function leftAsItIs(steps: readonly JobStep[], says: (step: JobStep) => string): string[] {
  if (steps.every(({ state }) => state === 'done')) return [];
  const kept = steps.filter(({ state, undoing }) => state === 'done' && undoing === undefined);
  return kept.length === 0 ? [] : [`Done, and left so: ${some(kept.map(says))}.`];
}

function notBegun(steps: readonly JobStep[], says: (step: JobStep) => string): string[] {
  const rest = steps.filter((step) => step.state === 'pending' || (step.state === 'skipped' && !isDrifted(step)));
  return rest.length === 0 ? [] : [`Not begun: ${some(rest.map(says))}.`];
}

function proofText(proof: Proof | undefined): string[] {
  if (proof === undefined) return [];
  if (proof.outcome === 'verified') return ['Verified by a fresh read.'];
  return [`A fresh read does not bear it out: ${some(proof.differs)}.`];
}
