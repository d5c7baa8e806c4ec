import type { Job, JobStep, PlanRecord, Rehearsal } from '@pxa/contract';
import { isDrifted } from './step.ts';
import { counted, duration, some } from './words.ts';

/** What is known of a job on a twin besides itself: how long it took, and what its tasks wrote. */
interface Told {
  readonly seconds: number;
  readonly logOf: (upid: string) => readonly string[];
}

/** What a job on a twin tells of the plan: how it went, and where it went wrong. */
export function rehearsalOf(record: PlanRecord, job: Job, { seconds, logOf }: Told): Rehearsal {
  const { steps, proof } = job;
  const failed = steps.filter((step) => step.state === 'failed' || step.state === 'unknown' || isDrifted(step));
  const [first] = failed;
  if (first === undefined && job.state !== 'done') return notBegun(job);
  if (first === undefined) {
    const warned = steps.filter(({ warnings = 0 }) => warnings > 0);
    return proof?.outcome === 'unverified' ? otherwise(proof.differs, seconds) : ok(record, warned, seconds);
  }
  if (isDrifted(first) && steps.every(({ state }) => state !== 'done')) return cannotTell(first);
  const more = failed.length === 1 ? '' : ` ${counted(failed.length, 'step')} of ${steps.length} would fail.`;
  const why = [sentence(first.result ?? ''), ...reasons(logOf(first.upid ?? ''), first.result ?? '')].join(' ');
  const text = `It would fail${where(record, first)}: ${why}${more}`;
  return { outcome: 'failed', seconds, text, failed_step: first.index };
}

function ok(record: PlanRecord, warned: readonly JobStep[], seconds: number): Rehearsal {
  const warnings = warned.map((step) => `${record.plan.steps[step.index]?.says ?? ''}: ${step.result ?? ''}`);
  const text = `OK, about ${duration(seconds * 1_000)}${warned.length === 0 ? '' : `, with warnings: ${some(warnings)}`}`;
  return { outcome: 'ok', seconds, text };
}

/** No step was begun, and so none failed: a call is none that Proxmox VE takes. */
function notBegun({ result = '' }: Job): Rehearsal {
  const why = sentence(result.replace(/^Failed: nothing was sent\. /, ''));
  return { outcome: 'failed', seconds: 0, text: `It would fail before anything is sent: ${why}` };
}

/** Every step went well, and yet it is not as it should be. */
function otherwise(differs: readonly string[], seconds: number): Rehearsal {
  const text = `All its steps would be done, but not come to what is expected: ${some(differs)}.`;
  return { outcome: 'failed', seconds, text };
}

/**
 * What the plan relies on was read from the cluster a moment ago, and holds there: where it does not hold on the twin, it
 * is the twin that falls short.
 */
function cannotTell({ result = '' }: JobStep): Rehearsal {
  const text = `It could not be rehearsed: the twin is not like the cluster in what the plan relies on. ${result}`;
  return { outcome: 'not_possible', seconds: null, text };
}

/** Which of several steps. */
function where({ plan }: PlanRecord, { index }: JobStep): string {
  if (plan.steps.length === 1) return '';
  return ` at step ${index + 1} of ${plan.steps.length} (${plan.steps[index]?.says ?? ''})`;
}

const MOST_REASONS = 3;

/** What a task's log says went wrong, as far as its end has not said so: migrations end with `migration aborted`. */
function reasons(log: readonly string[], said: string): string[] {
  const lines = log.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /, ''));
  const telling = lines.filter(
    (line) => /\bcan't\b|\bcannot\b|\bunable\b|\bdoes not exist\b|^ERROR: /i.test(line) && !line.startsWith('TASK '),
  );
  return [...new Set(telling)]
    .filter((line) => !said.includes(line))
    .slice(0, MOST_REASONS)
    .map(sentence);
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
