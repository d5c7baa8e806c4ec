import { expect } from 'vitest';
import type { RawAnswer } from './raw.ts';

/** What an answer must hold; what is left out may be anything. */
export interface Expectation {
  status: number;
  reason?: string;
  /** The whole body, parsed; '' = none. */
  body?: unknown;
  headers?: Record<string, string | undefined>;
}

/** Holds an answer against what is expected of it. */
export function check(answer: RawAnswer, expected: Expectation): void {
  expect(`${answer.status} ${answer.reason}`).toBe(`${expected.status} ${expected.reason ?? answer.reason}`);
  if (expected.body === '') expect(answer.body).toBe('');
  else if (expected.body !== undefined) expect(JSON.parse(answer.body)).toEqual(expected.body);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    expect([name, answer.headers[name]]).toEqual([name, value]);
}
