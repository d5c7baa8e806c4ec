import { Problem } from './problem.ts';
import type { App } from '../server.ts';

const NUL = '\u0000';

/** Deeper than anything that a route takes. What is deeper costs more to look at than it did to send. */
const MOST_DEEP = 32;

/**
 * No text with a NUL in it comes in: databases refuse it, other programs end at it, and nothing is called so. Told before
 * anything of the request is looked up, as is a body that is nested without end.
 */
export function refuseNul(app: App): void {
  app.addHook('preValidation', async ({ params, query, body }) => {
    for (const [where, value] of [
      ['path', params],
      ['query', query],
      ['body', body],
    ] as const) {
      const field = placeOfNul(value);
      if (field !== undefined) throw notText(where, field);
    }
  });
}

const tooDeep = (): Problem =>
  new Problem(422, 'VALIDATION_ERROR', `The body is nested deeper than ${MOST_DEEP} levels, which nothing here is.`, {
    field: '',
    reason: 'too_deep',
  });

function notText(where: 'path' | 'query' | 'body', field: string): Problem {
  const details = { field, reason: 'not_text' };
  const message = `There is a NUL character in the ${where} of the request: it stands in no text.`;
  return where === 'path'
    ? new Problem(404, 'RESOURCE_NOT_FOUND', message, details)
    : new Problem(422, 'VALIDATION_ERROR', message, details);
}

/** Where a text or a name with a NUL stands in what came in: `network.vlan`; undefined where there is none. @throws Problem */
function placeOfNul(value: unknown): string | undefined {
  // What came as JSON is as deep as a request may be long: a list of what is left to see, instead of a call for each.
  const left: { value: unknown; at: string; depth: number }[] = [{ value, at: '', depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value: found, at, depth } = next;
    if (typeof found === 'string' && found.includes(NUL)) return at;
    if (typeof found !== 'object' || found === null || ArrayBuffer.isView(found) || 'pipe' in found) continue;
    if (depth > MOST_DEEP) throw tooDeep();
    for (const [key, inner] of Object.entries(found)) {
      if (key.includes(NUL)) return at;
      if (typeof inner === 'string' || typeof inner === 'object')
        left.push({ value: inner, at: at === '' ? key : `${at}.${key}`, depth: depth + 1 });
    }
  }
  return undefined;
}
