import type { Call } from '@pxa/contract';
import { describe, expect, test } from 'vitest';
import { CallLines, renderCall } from './calls.ts';

const call = (path: string, status = 200, error?: string): Call => ({
  method: 'GET',
  path: `/api2/json${path}`,
  status,
  ms: 38.4,
  ...(error === undefined ? {} : { error }),
});

describe('a call as it is shown', () => {
  const shown: [Call, string][] = [
    [call('/nodes/pve-node01/qemu'), '[REST API] GET /api2/json/nodes/pve-node01/qemu — 200 OK (38ms)'],
    [call('/version', 401), '[REST API] GET /api2/json/version — 401 Unauthorized (38ms)'],
    [
      call('/nodes/b/status', 595, 'No route to host\n'),
      '[REST API] GET /api2/json/nodes/b/status — 595 node cannot be reached (38ms): No route to host',
    ],
    [call('/version', 0, 'timed out'), '[REST API] GET /api2/json/version — no answer (38ms): timed out'],
    [call('/\u001b[2J', 418), '[REST API] GET /api2/json/\\x1b[2J — 418 (38ms)'],
  ];
  test.each(shown)('%j', (one, expected) => {
    expect(renderCall(one)).toBe(expected);
  });
});

test('many calls of a kind are counted', () => {
  const lines = new CallLines();
  const shown = Array.from({ length: 41 }, (_, at) => lines.add(call(`/nodes/n${at % 3}/qemu/${100 + at}/config`)));
  expect(shown.filter((line) => line !== undefined)).toHaveLength(4);
  expect(lines.add(call('/cluster/resources'))).toBeDefined();
  expect(lines.rest()).toEqual(['[REST API] … and 37 more like GET /api2/json/nodes/*/qemu/*/config']);
});
