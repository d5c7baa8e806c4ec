import type { JobStep } from '@pxa/contract';
import type { Permit } from '@pxa/pve/gate';
import type { Problem } from '@pxa/pve/reader';
import { parseUpid } from '@pxa/pve/upid';
import { asObject, asText } from '@pxa/pve/values';
import type { Written } from '@pxa/pve/writer';
import { isChangedConfig, isLocked } from './answers.ts';
import type { Execution, Work } from './execution.ts';
import { type Next, end } from './outcome.ts';

type Refused = Extract<Written, { ok: false }>;

/** Trouble that passes, met before anything had been sent. */
const PASSING: ReadonlySet<Problem['kind']> = new Set(['node_unreachable', 'unreachable', 'timeout', 'server']);

/**
 * Makes a call. That it is about to be made is written first, durably and under the hold: whoever finds that later knows
 * that it may have been made. Nothing stands between that and the request but a look at our own clock.
 */
export async function send(x: Execution, work: Work): Promise<Next> {
  const { index, undoing, says, call } = work;
  const sent = sentBefore(x.journal.step(index), work) + 1;
  const changes = { state: 'intended', sent, undoing, started_at: x.journal.at(), upid: undefined } as const;
  await x.journal.write(index, { ...changes, progress: undefined, ended_at: undefined }, `${says}: asked of Proxmox.`);
  const permit = work.permit();
  x.hold.check();
  const written = await (work.record.file === undefined ? x.wire().write(permit, call) : upload(x, work, permit));
  x.hold.check();
  return written.ok ? accepted(x, work, written.data) : notAccepted(x, work, written);
}

/** Whoever cancels the job breaks it off: nothing comes of a file that was not sent to its end. */
function upload(x: Execution, { call, record, heeds }: Work, permit: Permit): Promise<Written> {
  const { files } = x.deps;
  const { file } = record;
  if (file === undefined || files === undefined) throw new Error('what goes along was looked at before');
  const along = { bytes: file.bytes, sha256: file.sha256, read: () => files.read(file.path) };
  return x.wire().upload(permit, call, along, heeds?.signal);
}

/** How often this very call went out, and may have come to something. */
export function sentBefore(step: JobStep, { undoing }: Work): number {
  return step.undoing === undoing ? (step.sent ?? 0) : 0;
}

async function accepted(x: Execution, work: Work, data: unknown): Promise<Next> {
  if (typeof data === 'string' && parseUpid(data) !== undefined) return taskBegan(x, work, data, 'A task began');
  const secret = tokenSecretIn(data);
  if (secret !== undefined) x.journal.reveal(secret.about, secret.value);
  const audit = x.audit.call(x.journal.at(), work.index, work.call, 'accepted');
  return end('done', 'Done.', { audit });
}

/** The secret of a new API token, which is answered once (pve-access-control API2/User.pm, generate_token). */
function tokenSecretIn(data: unknown): { about: string; value: string } | undefined {
  const answer = asObject(data);
  const [token, value] = [asText(answer?.['full-tokenid']), asText(answer?.['value'])];
  return token === null || value === null ? undefined : { about: `Secret of token ${token}`, value };
}

/** Keeps which task is the call's, as soon as it is known. */
export async function taskBegan(x: Execution, work: Work, upid: string, how: string): Promise<Next> {
  x.tasks.add(upid);
  const audit = x.audit.call(x.journal.at(), work.index, work.call, `${how}: ${upid}`);
  await x.journal.write(work.index, { state: 'waiting', upid, undoing: work.undoing }, `${how}: ${upid}.`, audit);
  return { do: 'follow', upid };
}

async function notAccepted(x: Execution, work: Work, { sent, problem }: Refused): Promise<Next> {
  if (sent === 'no' && work.heeds?.isAsked === true) return end('not_begun', 'Not done: the job was cancelled before.');
  const said = `${problem.message} ${problem.next_step}`;
  const audit = x.audit.call(x.journal.at(), work.index, work.call, `${sent}: ${problem.message}`);
  if (sent === 'maybe') {
    await x.journal.write(work.index, {}, `It is not known whether it was done: ${problem.message}`, audit);
    return { do: 'look' };
  }
  // Who asks is looked at before anything else is; a ticket that had run out is got anew for the next call.
  const isUnknown = problem.kind === 'unauthenticated';
  const passes = sent === 'no' ? PASSING.has(problem.kind) : isUnknown || isLocked(problem.message);
  if (passes) {
    await nothingCameOfIt(x, work, `Nothing was done: ${problem.message}`, audit);
    return { do: 'retry', why: problem.message };
  }
  if (isChangedConfig(problem.message)) return changedMeanwhile(x, work, audit);
  const prefix = sent === 'no' ? 'Nothing was sent' : 'Refused';
  return end('failed', `${prefix}: ${said}`, { audit });
}

type Entry = Parameters<Execution['journal']['write']>[3];

/** Writes that the call had no effect, so that it is made anew as if it had not been made before. */
export async function nothingCameOfIt(x: Execution, work: Work, text: string, audit?: Entry): Promise<void> {
  const sent = sentBefore(x.journal.step(work.index), work) - 1;
  const changes = { state: 'pending', sent: Math.max(0, sent), undoing: work.undoing, upid: undefined } as const;
  await x.journal.write(work.index, changes, text, audit);
}

/** Refused by the digest: by somebody else's change, or by our own, where an earlier request came through after all. */
async function changedMeanwhile(x: Execution, work: Work, audit: Entry): Promise<Next> {
  const more = audit === undefined ? {} : { audit };
  const { expects } = work.record;
  const isAgain = sentBefore(x.journal.step(work.index), work) > 1;
  if (isAgain && expects.length > 0 && (await x.facts(expects)).holds === true) {
    return end('done', 'Done: the first request had come through after all.', more);
  }
  return end('drifted', 'Nothing was done: the configuration has been changed by somebody else meanwhile.', more);
}
