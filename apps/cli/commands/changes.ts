import type { Answer, Approval, Job } from '@pxa/contract';
import type { Changes } from '@pxa/assistant';
import { harmless, harmlessJson, harmlessLines, renderAnswer } from '@pxa/assistant/render';
import { approveAndRun, runShown, showEnd } from '../changes/decide.ts';
import { personName } from '../changes/options.ts';
import { EXIT, type ExitCode, usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { exitCodeOf } from '../request.ts';
import { type AskingSession, openSession } from '../session.ts';
import { openDialog } from '../terminal/dialog.ts';
import { styleFor } from '../terminal/look.ts';

type Own = Record<string, unknown>;
type Use = (changes: Changes, session: AskingSession, signal: AbortSignal) => Promise<ExitCode>;

/** Opens the connection and what is kept about it; Ctrl-C leaves a job to whoever goes on with it. */
async function withChanges(io: Io, options: GlobalOptions, use: Use): Promise<ExitCode> {
  const stopping = new AbortController();
  const off = io.onStop(() => stopping.abort());
  const session = await openSession(io, options);
  try {
    const { changes } = session.assistant;
    if (changes === undefined) throw usageError('Nothing can be changed through this door.');
    return await use(changes, session, stopping.signal);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RunInterrupted') throw error;
    writeLine(io.stdout, harmlessLines(error.message));
    return EXIT.interrupted;
  } finally {
    off();
    await session.close();
  }
}

const json = (io: Io, value: unknown): ExitCode => {
  writeLine(io.stdout, harmlessJson(JSON.stringify(value)));
  return EXIT.answered;
};

/** `pxa approvals`. */
export function approvals(io: Io, options: GlobalOptions, _operands: string[], own: Own): Promise<ExitCode> {
  return withChanges(io, options, async (changes) => {
    // commander let one of these through.
    const list = await changes.approvals(own['state'] as Approval['state'] | undefined);
    if (options.json === true) return json(io, list);
    if (list.length === 0) writeLine(io.stdout, 'No plan waits for approval.');
    for (const { plan_id, state, expires_at, requested_by } of list) {
      const record = (await changes.plan(plan_id))?.record;
      const until = state === 'pending' ? `until ${expires_at}` : '';
      writeLine(
        io.stdout,
        harmless(`${plan_id}  ${state.padEnd(9)}  ${record?.plan.says ?? ''}  (${requested_by.name}) ${until}`),
      );
    }
    return EXIT.answered;
  });
}

/** `pxa approve ID`. */
export function approve(io: Io, options: GlobalOptions, [id = '']: string[], own: Own): Promise<ExitCode> {
  return withChanges(io, options, (changes, _session, signal) => {
    const isTerminal = io.stdin.isTTY === true;
    const askName = isTerminal
      ? async (question: string): Promise<string> => {
          const dialog = openDialog(io);
          try {
            return await dialog.text(question);
          } finally {
            dialog.close();
          }
        }
      : undefined;
    const by = { name: personName(io), door: isTerminal ? ('terminal' as const) : ('command_line' as const) };
    const typed = typeof own['type'] === 'string' ? { typed: own['type'] } : {};
    return approveAndRun(io, changes, { id, by, askName, signal, ...typed });
  });
}

/** `pxa cancel ID`. */
export function cancel(io: Io, options: GlobalOptions, [id = '']: string[]): Promise<ExitCode> {
  return withChanges(io, options, async (changes) => {
    const decided = await changes.cancel(id, { name: personName(io), door: 'command_line' });
    writeLine(io.stdout, decided.ok ? 'Cancelled. Nothing was changed.' : harmlessLines(decided.refused));
    return decided.ok ? EXIT.answered : EXIT.error;
  });
}

/** `pxa jobs`. */
export function jobs(io: Io, options: GlobalOptions): Promise<ExitCode> {
  return withChanges(io, options, async (changes) => {
    const list = await changes.jobs();
    if (options.json === true) return json(io, list);
    if (list.length === 0) writeLine(io.stdout, 'Nothing has been carried out yet.');
    for (const { id, state, says, created_at } of list) {
      writeLine(io.stdout, harmless(`${id}  ${state.padEnd(9)}  ${created_at}  ${says}`));
    }
    const open = list.filter(({ state }) => state === 'queued' || state === 'running');
    if (open.length > 0) writeLine(io.stdout, `${open.length} not ended: pxa job ID --follow goes on with it.`);
    return EXIT.answered;
  });
}

/** `pxa job ID [--follow|--cancel]`. */
export function job(io: Io, options: GlobalOptions, [id = '']: string[], own: Own): Promise<ExitCode> {
  return withChanges(io, options, async (changes, _session, signal) => {
    const found = await changes.job(id);
    if (found === undefined) throw usageError(`There is no job ${harmless(id)}.`, 'pxa jobs lists them.');
    if (own['cancel'] === true) {
      const asked = await changes.cancelJob(id, { name: personName(io), door: 'command_line' });
      writeLine(io.stdout, asked ? 'It was asked to stop.' : 'It has ended already.');
      if (!asked) return EXIT.error;
    }
    const isOpen = found.state === 'queued' || found.state === 'running';
    if ((own['follow'] === true || own['cancel'] === true) && isOpen) return runShown(io, changes, id, signal);
    if (options.json === true) return json(io, found);
    await showJob(io, changes, found);
    return EXIT.answered;
  });
}

async function showJob(io: Io, changes: Changes, found: Job): Promise<void> {
  writeLine(io.stdout, harmless(`${found.id}  ${found.state}  ${found.says}`));
  for (const { at, text } of await changes.events(found.id, 0)) writeLine(io.stdout, harmless(`  ${at}  ${text}`));
  if (found.ended_at !== undefined) showEnd(io, found);
}

/** `pxa undo JOB`. */
export function undo(io: Io, options: GlobalOptions, [id = '']: string[]): Promise<ExitCode> {
  return withChanges(io, options, async (changes, session, signal) => {
    const command = await changes.undoing(id);
    if ('refused' in command) throw usageError(command.refused, 'pxa jobs lists what was done.');
    return showAnswer(io, options, session, await session.assistant.order(command, { signal }));
  });
}

/** `pxa pve METHOD PATH key=value…`. */
export function pve(io: Io, options: GlobalOptions, [method = '', path = '', ...pairs]: string[]): Promise<ExitCode> {
  const params: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0)
      throw usageError(`${harmless(pair)} is no key=value.`, 'pxa pve POST /nodes/pve1/qemu/100/status/start');
    params[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return withChanges(io, options, async (_changes, session, signal) => {
    const input = { method, path, params: JSON.stringify(params) };
    const command = { action: 'api.write', targets: [], input, says: `${method} ${path}` };
    return showAnswer(io, options, session, await session.assistant.order(command, { signal }));
  });
}

function showAnswer(io: Io, options: GlobalOptions, { assistant }: AskingSession, answer: Answer): ExitCode {
  if (options.json === true) json(io, answer);
  else writeLine(io.stdout, renderAnswer(answer, { ...styleFor(io, options), timeZone: assistant.timeZoneOf(answer) }));
  return exitCodeOf(answer);
}

/** `pxa audit [list|verify|export]`. */
export function audit(io: Io, options: GlobalOptions, [action = 'list']: string[]): Promise<ExitCode> {
  if (!['list', 'verify', 'export'].includes(action)) {
    throw usageError(`pxa audit knows no ${JSON.stringify(action.slice(0, 80))}.`, 'list, verify or export');
  }
  return withChanges(io, options, async (changes) => {
    if (action === 'verify') {
      const { verifyAuditLog } = await import('@pxa/assistant/store');
      const verdict = await verifyAuditLog(await changes.store());
      if (verdict.ok) writeLine(io.stdout, `[OK] ${verdict.count} records, none edited, removed or moved.`);
      else writeLine(io.stdout, harmless(`[CRITICAL] Record ${verdict.seq}: ${verdict.what}`));
      return verdict.ok ? EXIT.answered : EXIT.error;
    }
    for (let page = await changes.audit(0); page.length > 0; page = await changes.audit(page.at(-1)?.seq ?? 0)) {
      for (const record of page) {
        const { at, who, door, kind, job_id, plan_id } = record;
        if (action === 'export' || options.json === true) json(io, record);
        else
          writeLine(io.stdout, harmless(`${record.seq}  ${at}  ${who} (${door})  ${kind}  ${job_id ?? plan_id ?? ''}`));
      }
    }
    return EXIT.answered;
  });
}
