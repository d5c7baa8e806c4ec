import { routeFacts } from '../../packages/pve/facts/index.ts';
import type { RouteId } from '../../packages/pve/facts/index.ts';
import { emptyAccessConfig } from '../../packages/sandbox/access.ts';
import type { AccessConfig } from '../../packages/sandbox/access.ts';
import { SandboxClock, startSandbox } from '../../packages/sandbox/index.ts';
import type { Sandbox } from '../../packages/sandbox/index.ts';
import { compare, compareErrors } from './compare.ts';
import type { Difference } from './compare.ts';
import { send, wireRequest } from './http.ts';
import type { WireRequest } from './http.ts';
import { wantedVerdict } from './request-checks.ts';
import type { PermissionVector, ValidationVector } from './vectors.ts';

/** What a check through the door came to; `impossible` where a vector cannot be a request. */
export type DoorOutcome = { difference: Difference | undefined } | { impossible: string };

const SECRET = '0e0c2a52-5a5d-4a5e-9a39-6b2f6fb4c1d5';
const PASSWORD = 'conformance';
/** A moment at which the users of the vectors that have expired, have. */
const NOW = Date.UTC(2026, 1, 1);

/** Sandboxes under test, one for each configuration and way of probing; started when first asked for. */
export class Doors {
  private readonly open = new Map<string, Promise<Sandbox>>();

  private async sandbox(access: AccessConfig, probe: boolean | 'permissions'): Promise<Sandbox> {
    const key = `${String(probe)} ${JSON.stringify(access)}`;
    let started = this.open.get(key);
    if (!started) {
      const tokens = Object.fromEntries(access.tokens.map(({ tokenid }) => [tokenid, SECRET]));
      const passwords = Object.fromEntries(access.users.map(({ userid }) => [userid, PASSWORD]));
      const clock = new SandboxClock(NOW, 0);
      started = startSandbox({ access, probe, tokens, passwords, password: PASSWORD, clock });
      this.open.set(key, started);
    }
    return started;
  }

  /** The parameters of a validation vector, sent to a sandbox that stops after checking them. */
  async validation(vector: ValidationVector): Promise<DoorOutcome> {
    const wire = wireRequest(vector.route, vector.params, vector.body ?? 'form');
    if ('impossible' in wire) return wire;
    const sandbox = await this.sandbox(emptyAccessConfig(), true);
    const answer = await send(sandbox, wire, ticketHeaders(sandbox, 'root@pam'));
    if (vector.ok) return { difference: compare([answer.status, answer.errors], [200, {}]) };
    const head = compare([answer.status, answer.message], [400, 'Parameter verification failed.\n']);
    return { difference: head ?? compareErrors(answer.errors, vector.errors ?? {}, vector.unordered) };
  }

  /** A permission vector as a request of the one that it names. */
  async permission(vector: PermissionVector): Promise<DoorOutcome> {
    if (vector.who === null || !canLogIn(vector.acl, vector.who)) return { impossible: 'nobody who can log in' };
    if (vector.kind === 'route') return this.route(vector, vector.who);
    if (vector.kind === 'paths') {
      const sandbox = await this.sandbox(vector.acl, false);
      const wire = { method: 'GET', path: '/access/permissions' };
      const answer = await send(sandbox, wire, headersOf(sandbox, vector.who));
      return { difference: compare([answer.status, answer.data], [200, vector.paths]) };
    }
    if (vector.kind === 'cap' && !vector.who.includes('!')) return this.login(vector, vector.who);
    return { impossible: 'no request asks this' };
  }

  private async route(vector: PermissionVector, who: string): Promise<DoorOutcome> {
    const facts = routeFacts(vector.route as RouteId);
    if (facts.permissions?.user === 'world' && !who.includes('!'))
      return { impossible: 'nobody is asked who they are' };
    const wire = wireRequest(vector.route ?? '', vector.params ?? {}, 'form');
    if ('impossible' in wire) return wire;
    const sandbox = await this.sandbox(vector.acl, 'permissions');
    const answer = await send(sandbox, wire, headersOf(sandbox, who));
    const got = answer.status === 200 ? { ok: true } : { ok: false, status: answer.status, message: answer.message };
    return { difference: compare(got, wantedVerdict(vector)) };
  }

  private async login(vector: PermissionVector, who: string): Promise<DoorOutcome> {
    const sandbox = await this.sandbox(vector.acl, false);
    const wire = wireRequest('POST /access/ticket', { username: who, password: PASSWORD }, 'form') as WireRequest;
    const answer = await send(sandbox, wire, {});
    const { cap } = (answer.data ?? {}) as { cap?: unknown };
    return { difference: compare([answer.status, cap], [200, vector.cap]) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map(async (started) => (await started).close()));
  }
}

function ticketHeaders(sandbox: Sandbox, userid: string): Record<string, string> {
  const { ticket, csrfToken } = sandbox.auth.ticketFor(userid);
  return { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken: csrfToken };
}

function headersOf(sandbox: Sandbox, who: string): Record<string, string> {
  return who.includes('!') ? { Authorization: `PVEAPIToken=${who}=${SECRET}` } : ticketHeaders(sandbox, who);
}

/** Users and tokens that exist and are not switched off; for others the answer is 401 long before any privilege. */
function canLogIn(acl: AccessConfig, who: string): boolean {
  const [userid] = who.split('!');
  const user = acl.users.find((one) => one.userid === userid);
  const expired = Number(user?.expire ?? 0) > 0 && Number(user?.expire) * 1000 < NOW;
  if (!user || String(user.enable ?? '1') === '0' || expired) return false;
  return !who.includes('!') || acl.tokens.some(({ tokenid }) => tokenid === who);
}
