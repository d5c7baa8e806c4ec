import type { AccessConfig } from '../access.ts';
import type { Authenticator } from '../auth.ts';
import { PveError, type Call } from '../behaviour.ts';
import { refusalText } from '../refusal-text.ts';

/** Replaces the access configuration; what goes wrong in between is told as cfs_lock_file tells it: `WHAT: error`. */
export function change(call: Call, failure: string, work: (config: AccessConfig) => AccessConfig): null {
  try {
    call.state.access = work(call.state.access);
  } catch (error) {
    throw new PveError(500, `${failure}: ${refusalText(error).trimEnd()}\n`);
  }
  return null;
}

/** Whoever is not root@pam has to give the own password again before users are changed. */
export function confirm({ caller, params }: Call, auth: Authenticator, parameter: string): void {
  if (caller.authid === 'root@pam') return;
  const given = params[parameter];
  if (given === undefined) throw invalid({ [parameter]: 'password is required to modify user' });
  if (auth.passwords.get(caller.userid) !== given) throw new PveError(500, 'authentication failure\n');
}

export function invalid(errors: Record<string, string>): PveError {
  return new PveError(400, 'Parameter verification failed.\n', errors);
}

export function text({ params }: Call, name: string): string {
  return String(params[name] ?? '');
}
