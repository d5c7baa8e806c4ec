import type { AuditRecord } from '@pxa/contract';
import { harmless } from '@pxa/assistant/render';
import { type ChangeDoor, tell, tellJson, withChanges } from '../changes/door.ts';
import { EXIT, type ExitCode, usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

/** `pxa audit [list|verify|export]`: the audit log for people, whether it is whole, or as JSON lines. */
export function audit(io: Io, options: GlobalOptions, [action = 'list']: string[]): Promise<ExitCode> {
  switch (action) {
    case 'list':
      return withChanges(io, options, (door) => eachRecord(door, options.json === true ? tellJson : tellRecord));
    case 'export':
      return withChanges(io, options, (door) => eachRecord(door, tellJson));
    case 'verify':
      return withChanges(io, options, verify);
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

async function verify(door: ChangeDoor): Promise<ExitCode> {
  const { verifyAuditLog } = await import('@pxa/assistant/store');
  const verdict = await verifyAuditLog(await door.changes.store());
  if (door.options.json === true) tellJson(door, verdict);
  else if (verdict.ok) tell(door, `[OK] ${verdict.count} records, none edited, removed or moved.`);
  else tell(door, harmless(`[CRITICAL] Record ${verdict.seq}: ${verdict.what}`));
  return verdict.ok ? EXIT.answered : EXIT.error;
}
