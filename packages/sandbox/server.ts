import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator, Identity } from './auth.ts';
import { PveError } from './behaviour.ts';
import type { Clock } from './clock.ts';
import type { Control } from './control.ts';
import type { Dispatcher } from './dispatch.ts';
import { IDLE_MS } from './door.ts';
import type { FaultBox, Struck } from './faults.ts';
import { drain, headersTooLarge, refuseEarly } from './limits.ts';
import { ProxyRefusal } from './proxy.ts';
import { receive } from './receive.ts';
import { failure, packingFor, send, success, type Format, type Reply } from './respond.ts';
import type { State } from './state.ts';
import type { Traits } from './traits.ts';

/** Requests that one connection may carry (pveproxy's keep-alive count). */
const REQUESTS_PER_CONNECTION = 100;
/** How long a refused login is held back (AnyEvent.pm, `always delay unauthorized calls`). */
const REFUSED_LOGIN_MS = 3_000;
const FORMATS: readonly string[] = ['json', 'extjs', 'htmljs'] satisfies Format[];

export interface ServerParts {
  auth: Authenticator;
  dispatcher: Dispatcher;
  faults: FaultBox;
  clock: Clock;
  traits: Traits;
  /** The endpoint that switches faults and the clock; absent unless it was asked for. */
  control: Control | undefined;
  state: State;
}

/** Where a request goes: its form of answer and the path below that. */
interface Target {
  format: string;
  /** As on the wire, percent-encoded, and decoded. */
  rawPath: string;
  path: string;
  query: string;
}

/** Answers HTTP requests as pveproxy does, in the order in which it checks (AnyEvent.pm:unshift_read_header). */
export class Server {
  private readonly parts: ServerParts;
  private readonly requestCounts = new WeakMap<object, number>();

  constructor(parts: ServerParts) {
    this.parts = parts;
  }

  /** Takes one request from the door; never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => response.destroy());
    request.on('error', () => response.destroy());
    this.answer(request, response).catch(() => request.socket.destroy());
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const keepAlive = this.mayKeepAlive(request);
    if (headersTooLarge(request)) {
      request.socket.destroy();
      return;
    }
    if (!Number(request.headers['content-length'] ?? 0)) request.socket.setTimeout(0);
    const reply = await this.replyTo(request);
    if (reply === 'cut') {
      request.socket.destroy();
      return;
    }
    if (reply === 'silence') return;
    if (reply.status >= 400) await drain(request);
    request.socket.setTimeout(IDLE_MS);
    const packing = packingFor(String(request.headers['accept-encoding'] ?? ''));
    await send(response, reply, { packing, keepAlive, nowMs: this.parts.clock.now() });
  }

  /** Whether the very node that is connected to is gone. */
  private isDown(): boolean {
    const { state } = this.parts;
    return state.nodes.get(state.localNode)?.offlineSince !== undefined;
  }

  private mayKeepAlive(request: IncomingMessage): boolean {
    const count = (this.requestCounts.get(request.socket) ?? 0) + 1;
    this.requestCounts.set(request.socket, count);
    if (count >= REQUESTS_PER_CONNECTION) return false;
    const connection = request.headers.connection;
    return connection === undefined ? request.httpVersionMinor >= 1 : !/close/i.test(connection);
  }

  private async replyTo(request: IncomingMessage): Promise<Reply | 'cut' | 'silence'> {
    try {
      refuseEarly(request);
      const target = parseTarget(request.url ?? '');
      const { control } = this.parts;
      if (control?.owns(target.path)) return await control.answer(request, target.path);
      if (!target.path.startsWith('/api2')) throw new PveError(501, `no such file '${target.path}'\n`);
      return await this.replyToCall(request, apiTarget(target.rawPath, target.query));
    } catch (error) {
      if (!(error instanceof PveError)) throw error;
      return { status: error.status, message: error.message };
    }
  }

  private async replyToCall(request: IncomingMessage, target: Target): Promise<Reply | 'cut' | 'silence'> {
    const { faults, clock } = this.parts;
    const method = request.method ?? '';
    const started = clock.now();
    if (this.isDown()) return 'cut';
    const struck = faults.strike(method, target.path);
    if (struck.drop === 'before') return 'cut';
    if (this.staysSilent(struck, target.path)) return 'silence';
    let identity: Identity;
    try {
      identity = this.identify(request, target, struck);
    } catch (error) {
      await clock.hold(REFUSED_LOGIN_MS);
      throw error;
    }
    const received = await receive(request, target.path);
    request.socket.setTimeout(0);
    if (!FORMATS.includes(target.format)) {
      throw new PveError(501, `no formatter for uri ${target.path}, ${target.format}`);
    }
    const params = received.params(target.query);
    const { path, rawPath } = target;
    const { kind, upload } = received;
    const hasBeenPassedOn = request.headers['pvedisableproxy'] !== undefined;
    const call = { method, path, rawPath, params, kind, upload, identity, struck, hasBeenPassedOn } as const;
    const outcome = await this.carryOut(call);
    if (outcome instanceof PveError && outcome.status === 401) {
      await clock.hold(REFUSED_LOGIN_MS - (clock.now() - started));
    }
    const reply = this.formatted(outcome, target.format as Format); // checked against FORMATS above
    return struck.drop === 'after' ? 'cut' : reply;
  }

  private identify(request: IncomingMessage, target: Target, struck: Struck): Identity {
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const sent = {
      cookie: header('cookie'),
      authorization: header('authorization'),
      csrfToken: header('csrfpreventiontoken'),
    };
    const identity = this.parts.auth.identify(request.method ?? '', target.path, sent);
    if (struck.ticketExpired && identity.caller && !identity.withToken) throw this.parts.auth.expired();
    return identity;
  }

  /** What the call gave, or why it was refused. */
  private async carryOut(call: Parameters<Dispatcher['carryOut']>[0]): Promise<unknown> {
    try {
      return await this.parts.dispatcher.carryOut(call);
    } catch (error) {
      if (error instanceof PveError) return error;
      return new PveError(500, `${error instanceof Error ? error.message : String(error)}\n`);
    }
  }

  private formatted(outcome: unknown, format: Format): Reply {
    if (!(outcome instanceof PveError)) return success(format, outcome);
    if (outcome instanceof ProxyRefusal) return { status: outcome.status, message: outcome.message };
    return failure(format, outcome, this.parts.traits);
  }

  /** Whether the answer never comes: unless another node is asked, which the proxy gives up on by itself. */
  private staysSilent(struck: Struck, path: string): boolean {
    const { state } = this.parts;
    const node = /^\/nodes\/([^/]+)/.exec(path)?.[1] ?? state.localNode;
    return struck.hangs && (node === state.localNode || !state.nodes.has(node));
  }
}

/** Path (percent-decoded, as the real server sees it) and query of a request line's target. */
function parseTarget(url: string): Omit<Target, 'format'> {
  const [, rest = ''] = /^(?:https?:\/\/[^/?]*)?(.*)$/s.exec(url) ?? [];
  const [beforeFragment = ''] = rest.split('#', 1);
  const question = beforeFragment.indexOf('?');
  const rawPath = question === -1 ? beforeFragment : beforeFragment.slice(0, question);
  return { rawPath, path: decode(rawPath), query: question === -1 ? '' : beforeFragment.slice(question + 1) };
}

function apiTarget(wholePath: string, query: string): Target {
  const [, format, rawPath = '/'] = /^\/api2\/+([a-z][a-z0-9]+)(\/.*)?$/s.exec(wholePath) ?? [];
  if (format === undefined) throw new PveError(501, 'no such uri');
  return { format, rawPath, path: decode(rawPath), query };
}

function decode(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
