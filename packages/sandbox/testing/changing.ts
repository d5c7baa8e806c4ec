import { SandboxClock } from '../clock.ts';
import { startSandbox, type Sandbox } from '../sandbox.ts';
import type { SandboxOptions } from '../options.ts';
import { ask } from './raw.ts';

/** 2026-02-23T10:00:00Z. */
const NOW_MS = 1_771_840_800_000;

/** What became of one call: its data, or the refusal's message (or texts by field), or the end of the task it began. */
export type Outcome = unknown;

export interface Changing {
  sandbox: Sandbox;
  /** One call as root@pam with a ticket (or with other headers). */
  call(line: string, params?: object): Promise<Outcome>;
  /** The same; where it began a task, time passes until that has ended, and its exit status is given. */
  done(line: string, params?: object): Promise<Outcome>;
  /** Lines of the log of the task that the last call began. */
  log(): string[];
}

/** The demo cluster with a clock that stands still between calls, to be changed as root@pam. */
export async function startChanging(options: SandboxOptions = {}): Promise<Changing> {
  const sandbox = await startSandbox({ clock: new SandboxClock(NOW_MS, 0), ...options });
  let last = '';
  const call = async (line: string, params?: object): Promise<Outcome> => {
    const { ticket, csrfToken } = sandbox.auth.ticketFor('root@pam');
    const headers = {
      Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`,
      CSRFPreventionToken: csrfToken,
      'Content-Type': 'application/json',
    };
    const [method, path] = line.split(' ');
    const answer = await ask(sandbox.url, `${method} /api2/json${path}`, headers, params && JSON.stringify(params));
    // the body is Proxmox's envelope
    const body = JSON.parse(answer.body) as { data: unknown; message?: string; errors?: object };
    if (body.errors) return body.errors;
    if (body.message !== undefined) return body.message.trimEnd();
    if (typeof body.data === 'string' && body.data.startsWith('UPID:')) last = body.data;
    return body.data;
  };
  const done = async (line: string, params?: object): Promise<Outcome> => {
    const outcome = await call(line, params);
    if (typeof outcome !== 'string' || !outcome.startsWith('UPID:')) return outcome;
    for (let step = 0; step < 500 && sandbox.tasks.find(outcome)?.endtime === undefined; step++) {
      await sandbox.clock.advance(5000);
    }
    return sandbox.tasks.find(outcome)?.status;
  };
  return { sandbox, call, done, log: () => sandbox.tasks.log(last)?.map(({ t }) => t) ?? [] };
}
