import type { Job, JobEvent, Proof } from '@pxa/contract';
import { type JobInWords, renderJobSteps } from './job-steps.ts';
import { shortSays } from './some.ts';
import type { Paint, Style } from './style.ts';
import { harmless, harmlessLines, plural, wrap } from './text.ts';
import { formatDuration } from './units.ts';
import { shortUpids } from './upid.ts';

const mostSteps = 40;
const usualWidth = 100;

/** How a job ended: what was done, whether a fresh read bears it out, what is left as it is, and what takes it back. */
export function renderJobEnd(job: Job, { undo, style }: { undo: string | undefined; style: Style }): string[] {
  const { started_at: start, ended_at: end, steps } = job;
  const seconds = start === undefined || end === undefined ? undefined : (Date.parse(end) - Date.parse(start)) / 1000;
  const took = seconds === undefined ? [] : [`It took ${formatDuration(Math.max(0, Math.round(seconds)))}.`];
  const wasDone = steps.some(({ state }) => state === 'done');
  return [
    ...sayLines(tagOf(job, style.paint), job.result ?? job.says, style),
    ...(wasDone && job.proof === undefined ? ['Not verified: nothing that can be read would tell.'] : []),
    ...took,
    ...(wasDone && undo !== undefined ? [`To take it back: ${undo}`] : []),
  ];
}

/** What a job is called by how it stands, and how far its proof bears that out. */
function tagOf({ state, proof }: Job, paint: Paint): string {
  switch (state) {
    case 'done':
      return isBorneOut(proof) ? paint.green('[OK]') : paint.yellow('[UNVERIFIED]');
    case 'failed':
      return paint.red('[FAILED]');
    case 'drifted':
    case 'cancelled':
      return paint.yellow(`[${state.toUpperCase()}]`);
    case 'queued':
    case 'running':
      return paint.cyan(`[${state.toUpperCase()}]`);
  }
}

const isBorneOut = (proof: Proof | undefined): boolean => proof === undefined || proof.outcome === 'verified';

/** One job with how its steps stand, the last of what happened, and how it ended. `all`: what shows what was left out. */
export function renderJob(
  of: JobInWords & { readonly events: readonly JobEvent[] },
  to: { now: number; undo: string | undefined; all: string; style: Style },
): string[] {
  const { job, events } = of;
  const { style } = to;
  const left = (events[0]?.seq ?? 1) - 1;
  const isOver = job.ended_at !== undefined;
  return [
    `${style.paint.bold('Job')} ${harmless(job.id)} — ${job.state}: ${shortSays(harmless(job.says), style.width ?? usualWidth)}`,
    ...renderJobSteps(of, { style, now: to.now, most: mostSteps }),
    ...(left > 0 ? [style.paint.dim(`  … ${plural(left, 'earlier event')}: ${to.all}`)] : []),
    ...events.flatMap((event) => renderJobEvent(event, style)),
    ...(isOver ? renderJobEnd(job, to) : []),
  ];
}

/** Something that happened, in one line with its time. */
export function renderJobEvent({ at, kind, text }: Pick<JobEvent, 'at' | 'kind' | 'text'>, style: Style): string[] {
  // What it is stands above, and how it ended is told at the end.
  if (kind === 'queued' || kind === 'ended') return [];
  return [style.paint.dim(wrap(`  ${at.slice(11, 19)}  ${harmless(shortUpids(text))}`, style.width, '            '))];
}

function sayLines(tag: string, text: string, { width }: Style): string[] {
  const lines = harmlessLines(shortUpids(text)).split('\n');
  return lines.map((line, at) => wrap(at === 0 ? `${tag} ${line}` : line, width, '  '));
}
