import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator, Identity } from './auth.ts';
import { PveError } from './behaviour.ts';
import { readParams } from './body.ts';
import type { Clock } from './clock.ts';
import type { Control } from './control.ts';
import type { Dispatcher } from './dispatch.ts';
import type { FaultBox, Struck } from './faults.ts';
import { bodyKind, drain, headersTooLarge, readBody, refuseEarly } from './limits.ts';
import { failure, send, success, type Format, type Reply } from './respond.ts';
import type { State } from './state.ts';
import type { Traits } from './traits.ts';

/** Requests that one connection may carry (pveproxy's keep-alive count). */
const REQUESTS_PER_CONNECTION = 100;
/** How long a refused login is held back (AnyEvent.pm, `always delay unauthorized calls`). */
const REFUSED_LOGIN_MS = 3_000;
const FORMATS: readonly string[] = ['json', 'extjs', 'htmljs', 'html'] satisfies Format[];

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
    const reply = await this.replyTo(request);
    if (reply === 'cut') {
      request.socket.destroy();
      return;
    }
    if (reply === 'silence') return;
    if (reply.status >= 400) await drain(request);
    const acceptsGzip = /gzip/.test(String(request.headers['accept-encoding'] ?? ''));
    await send(response, reply, { acceptsGzip, keepAlive, nowMs: this.parts.clock.now() });
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
    const before = await this.suffer(struck, 'before');
    if (before) return before;
    let identity: Identity;
    try {
      identity = this.identify(request, target, struck);
    } catch (error) {
      await clock.hold(REFUSED_LOGIN_MS);
      throw error;
    }
    const kind = bodyKind(request);
    const body = kind === null ? '' : await readBody(request);
    if (!FORMATS.includes(target.format)) {
      throw new PveError(501, `no formatter for uri ${target.path}, ${target.format}`);
    }
    const params = readParams(body, kind ?? 'form', target.query);
    const { path, rawPath } = target;
    const call = { method, path, rawPath, params, kind: kind ?? 'form', identity, struck } as const;
    const reply = await this.carryOut(call, target.format as Format); // checked against FORMATS above
    if (reply.status === 401) await clock.hold(REFUSED_LOGIN_MS - (clock.now() - started));
    return (await this.suffer(struck, 'after')) ?? reply;
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

  private async carryOut(call: Parameters<Dispatcher['carryOut']>[0], format: Format): Promise<Reply> {
    try {
      return success(format, await this.parts.dispatcher.carryOut(call));
    } catch (error) {
      if (error instanceof PveError) {
        // The proxy's own troubles with a node come without a body (AnyEvent.pm:proxy_request).
        if (error.status > 594) return { status: error.status, message: error.message };
        return failure(format, error, this.parts.traits);
      }
      const text = error instanceof Error ? error.message : String(error);
      return failure(format, new PveError(500, `${text}\n`), this.parts.traits);
    }
  }

  /** What the faults do at one moment of the request; undefined = it goes on. */
  private async suffer(struck: Struck, moment: 'before' | 'after'): Promise<Reply | 'cut' | 'silence' | undefined> {
    if (moment === 'before') {
      if (struck.hangs) return 'silence';
      if (struck.latencyMs > 0) await this.parts.clock.hold(struck.latencyMs);
      if (struck.error) return struck.error;
    }
    return struck.drop === moment ? 'cut' : undefined;
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
