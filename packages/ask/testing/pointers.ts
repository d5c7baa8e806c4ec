import type { Body } from './tape.ts';

/** A place of a body: what stands there, and the object or array that it stands in. */
export interface Place {
  readonly pointer: string;
  readonly found: unknown;
  readonly parent: unknown;
}

/** The pointers in an evidence text: `mem / maxmem: calls[0]#/data/3/mem, calls[0]#/data/3/maxmem`. */
export function pointersIn(evidence: string): string[] {
  return evidence.match(/calls\[\d+\]#[^\s,]*/g) ?? [];
}

/** What a pointer leads to in the bodies; undefined where it leads past something that is not there. */
export function follow(pointer: string, bodies: readonly Body[]): Place | undefined {
  const [, call = '', path = ''] = /^calls\[(\d+)\]#(.*)$/.exec(pointer) ?? [];
  let [parent, found]: [unknown, unknown] = [undefined, bodies[Number(call)]];
  for (const part of path.split('/').slice(1)) {
    if (typeof found !== 'object' || found === null) return undefined;
    parent = found;
    // An object or an array, both of which have properties.
    found = (found as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return found === undefined && parent === undefined ? undefined : { pointer, found, parent };
}

/** Puts another value at a place of a body, or takes away what is there. */
export function put(body: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop() ?? '';
  // The path leads to a field of a record: all before it are objects or arrays.
  const holder = parts.slice(1).reduce((at, part) => at[part] as Record<string, unknown>, body);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}
