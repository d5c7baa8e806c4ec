import type { AuditRecord } from '@pxa/contract';
import { harmless, plural } from '@pxa/assistant/render';
import type { AuditVerdict } from '@pxa/assistant/store';
import { type ChangeDoor, tell, tellJson, withChanges } from '../changes/door.ts';
import { EXIT, type ExitCode, usageError } from '../exit.ts';
import { type Io, written } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

/** `pxa audit [list|verify [--head HASH]|export]`: the audit log for people, whether it is whole, or as JSON lines. */
export function audit(
  io: Io,
  options: GlobalOptions,
  [action = 'list']: string[],
  own: Record<string, unknown>,
): Promise<ExitCode> {
  const noted = notedHead(own['head']);
  if (noted !== undefined && action !== 'verify') throw usageError('--head is for pxa audit verify alone.');
  switch (action) {
    case 'list':
      return withChanges(io, options, (door) => eachRecord(door, options.json === true ? tellJson : tellRecord));
    case 'export':
      return withChanges(io, options, (door) => eachRecord(door, tellJson));
    case 'verify':
      return withChanges(io, options, (door) => verify(door, noted));
    default:
      throw usageError(`pxa audit knows no ${JSON.stringify(action.slice(0, 80))}.`, 'list, verify or export');
  }
}

async function eachRecord(
  door: ChangeDoor,
  write: (door: ChangeDoor, record: AuditRecord) => unknown,
): Promise<ExitCode> {
  for (let last = 0; ;) {
    const page = await door.changes.audit(last);
    for (const record of page) write(door, record);
    await written(door.io.stdout);
    const next = page.at(-1)?.seq ?? last;
    // Nothing more, or numbers that were tampered with.
    if (next <= last || door.signal.aborted) return door.signal.aborted ? EXIT.interrupted : EXIT.answered;
    last = next;
  }
}

function tellRecord(door: ChangeDoor, record: AuditRecord): void {
  const { seq, at, who, door: through, kind, job_id: jobId, plan_id: planId } = record;
  tell(door, harmless(`${seq}  ${at}  ${who} (${through})  ${kind}  ${jobId ?? planId ?? ''}`));
}

/** A head as verify prints it. @throws CliError */
function notedHead(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  const hash = String(given).trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw usageError('--head is the hash that pxa audit verify printed: 64 digits, 0 to 9 and a to f.');
}

async function verify(door: ChangeDoor, noted: string | undefined): Promise<ExitCode> {
  const { verifyAuditLog } = await import('@pxa/assistant/store');
  const verdict = await verifyAuditLog(await door.changes.store(), noted);
  if (door.options.json === true) tellJson(door, verdict);
  else if (verdict.ok) tellWhole(door, verdict, noted);
  else tell(door, harmless(`[CRITICAL] ${verdict.seq === undefined ? '' : `Record ${verdict.seq}: `}${verdict.what}`));
  return verdict.ok ? EXIT.answered : EXIT.error;
}

function tellWhole(door: ChangeDoor, { count, head }: Extract<AuditVerdict, { ok: true }>, noted?: string): void {
  const since = noted === undefined ? '' : ' What was noted is in it, so all up to there is as it was.';
  tell(door, `[OK] ${plural(count, 'record')}, none edited, removed or moved.${since}`);
  tell(door, `Head: ${head}`);
  if (noted !== undefined) return;
  tell(door, `Whoever can write the store could write all of it anew. Keep the head elsewhere, and that shows later:`);
  tell(door, `  ${door.say(`audit verify --head ${head}`)}`);
}
