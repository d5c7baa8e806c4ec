import type { Call } from '@pxa/contract';
import { harmless } from './text.ts';

const STATUS_WORDS: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  595: 'node cannot be reached',
  596: 'node does not answer',
  597: 'node broke off',
  599: 'node failed',
};

/** `[REST API] GET /api2/json/nodes/pve-node01/qemu — 200 OK (38ms)`. */
export function renderCall(call: Call): string {
  const words = STATUS_WORDS[call.status];
  const status = call.status === 0 ? 'no answer' : `${call.status}${words === undefined ? '' : ` ${words}`}`;
  const error = call.error === undefined || call.status === 200 ? '' : `: ${harmless(call.error.trim())}`;
  return `[REST API] ${call.method} ${harmless(call.path)} — ${status} (${Math.round(call.ms)}ms)${error}`;
}

/** Calls that differ only in which node, guest or storage they are about have the same shape. */
function callShape(call: Call): string {
  const path = (call.path.split('?')[0] ?? '')
    .replace(/\/(nodes|storage|tasks|pools|users|zfs)\/[^/]+/g, '/$1/*')
    .replace(/\/\d+(?=\/|$)/g, '/*');
  return `${call.method} ${path} ${call.status}`;
}

/** So many calls of one shape are shown before the rest is only counted. */
const SHOWN_OF_A_SHAPE = 4;

/** Turns calls into lines as they happen; after a few of one shape it only counts, and says so at the end. */
export class CallLines {
  readonly #counts = new Map<string, number>();

  /** The line to show for a call, or undefined where it is one of many like it. */
  add(call: Call): string | undefined {
    const shape = callShape(call);
    const count = (this.#counts.get(shape) ?? 0) + 1;
    this.#counts.set(shape, count);
    return count <= SHOWN_OF_A_SHAPE ? renderCall(call) : undefined;
  }

  /** What was left out, one line a shape. */
  rest(): string[] {
    return [...this.#counts]
      .filter(([, count]) => count > SHOWN_OF_A_SHAPE)
      .map(
        ([shape, count]) =>
          `[REST API] … and ${count - SHOWN_OF_A_SHAPE} more like ${harmless(shape.replace(/ \d+$/, ''))}`,
      );
  }
}
