import type { IncomingMessage } from 'node:http';
import { SandboxClock, type Clock } from './clock.ts';
import { InvalidFaults, parseFaults } from './fault-file.ts';
import type { FaultBox } from './faults.ts';
import { readBody } from './limits.ts';
import type { Reply } from './respond.ts';

const ROOT = '/sandbox/control';
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;
const BODY_BYTES = 512 * 1024;

/** The endpoint, off unless asked for, that switches faults and moves the clock while the sandbox runs. */
export class Control {
  private readonly faults: FaultBox;
  private readonly clock: Clock;

  constructor(faults: FaultBox, clock: Clock) {
    this.faults = faults;
    this.clock = clock;
  }

  owns(path: string): boolean {
    return path === ROOT || path.startsWith(`${ROOT}/`);
  }

  /** Answers a request from this machine; every other sender is refused. */
  async answer(request: IncomingMessage, path: string): Promise<Reply> {
    if (!LOOPBACK.test(request.socket.remoteAddress ?? '')) return json(403, { error: 'only from this machine' });
    if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES) return json(413, { error: 'body too large' });
    const body = parseBody(await readBody(request));
    if (body === undefined) return json(400, { error: 'the body is not JSON' });
    switch (`${request.method} ${path.slice(ROOT.length)}`) {
      case 'GET /faults':
        return json(200, { faults: this.faults.list() });
      case 'POST /faults':
        return this.add(body);
      case 'DELETE /faults':
        this.faults.clear();
        return json(200, { faults: [] });
      case 'GET /clock':
        return this.time();
      case 'POST /clock':
        return this.moveClock(body);
      default:
        return json(404, { error: 'known here: GET, POST, DELETE /faults and GET, POST /clock' });
    }
  }

  private add(body: unknown): Reply {
    try {
      const isOne = typeof body === 'object' && body !== null && 'fault' in body;
      for (const fault of parseFaults(isOne ? [body] : body)) this.faults.add(fault);
    } catch (error) {
      if (error instanceof InvalidFaults) return json(400, { error: error.message });
      throw error;
    }
    return json(200, { faults: this.faults.list() });
  }

  private async moveClock(body: unknown): Promise<Reply> {
    const { advance_s: seconds, rate } = (body ?? {}) as { advance_s?: unknown; rate?: unknown }; // both are tested below
    if (!(this.clock instanceof SandboxClock)) return json(400, { error: 'this clock cannot be moved' });
    const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0;
    if (!isAmount(seconds) && !isAmount(rate)) return json(400, { error: 'expected advance_s or rate, from 0 on' });
    if (isAmount(rate)) this.clock.setRate(rate);
    if (isAmount(seconds)) await this.clock.advance(seconds * 1000);
    return this.time();
  }

  private time(): Reply {
    return json(200, { now: new Date(this.clock.now()).toISOString() });
  }
}

function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(status: number, body: unknown): Reply {
  return { status, contentType: 'application/json;charset=UTF-8', body: `${JSON.stringify(body)}\n` };
}
