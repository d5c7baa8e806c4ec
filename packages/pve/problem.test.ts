import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openEnvelope } from './envelope.ts';
import type { Circumstances, Problem } from './problem.ts';
import { problemOfAnswer } from './problem-of-answer.ts';
import { problemOfFailure } from './problem-of-failure.ts';
import type { Answer } from './transport/exchange.ts';
import { failureOf } from './transport/failure.ts';

const WHERE: Circumstances = {
  method: 'GET',
  path: '/nodes/pve2/status',
  at: 'pve1:8006',
  who: 'the API token root@pam!x',
  node: 'pve2',
};

/** What Proxmox writes, from pve/BEHAVIOUR.md, and what is made of it. */
const CASES: [status: number, text: string, errors: Record<string, string> | undefined, expected: Partial<Problem>][] =
  [
    [401, 'Authentication failed!', undefined, { kind: 'unauthenticated' }],
    [401, 'permission denied - invalid PVE ticket', undefined, { kind: 'unauthenticated' }],
    [401, 'Permission denied - invalid csrf token', undefined, { kind: 'unauthenticated' }],
    [
      403,
      'Permission check failed (/vms/100, VM.Audit)\n',
      undefined,
      { kind: 'forbidden', missing: { path: '/vms/100', privileges: ['VM.Audit'] } },
    ],
    [
      403,
      'Permission check failed (/vms/300, VM.Config.Disk|VM.Config.CDROM)\n',
      undefined,
      { missing: { path: '/vms/300', privileges: ['VM.Config.Disk', 'VM.Config.CDROM'] } },
    ],
    [403, 'Permission check failed (/, Sys.Audit)\n', undefined, { missing: { path: '/', privileges: ['Sys.Audit'] } }],
    [403, 'Permission check failed\n', undefined, { kind: 'forbidden' }],
    [
      403,
      'Permission check failed (user != root@pam)\n',
      undefined,
      { next_step: 'Proxmox VE reserves this call for root@pam itself; no token can make it.' },
    ],
    [
      403,
      "Permission check failed (URI '/access/ticket' not available with API token, need proper ticket.\n",
      undefined,
      { next_step: 'This call needs a login with a password; no token can make it.' },
    ],
    [403, "Permission check failed (pool 'x' does not exist)\n", undefined, { kind: 'forbidden' }],
    [
      400,
      'Parameter verification failed.\n',
      { vmid: "type check ('integer') failed - got 'x'" },
      { kind: 'invalid', errors: { vmid: "type check ('integer') failed - got 'x'" } },
    ],
    [400, 'Parameter verification failed.\n', { storage: 'No such storage.' }, { kind: 'not_found' }],
    [400, 'Parameter verification failed.\n', { upid: 'no such task' }, { kind: 'not_found' }],
    [500, "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist\n", undefined, { kind: 'not_found' }],
    [500, "unable to find configuration file for VM 100 on node 'pve1'\n", undefined, { kind: 'not_found' }],
    [500, "storage 'x' does not exist\n", undefined, { kind: 'not_found' }],
    [500, "snapshot 'x' does not exist\n", undefined, { kind: 'not_found' }],
    [
      500,
      "hostname lookup 'x' failed - failed to get address info for: x: Name or service not known",
      undefined,
      { kind: 'not_found' },
    ],
    [500, "no such cluster node 'x'\n", undefined, { kind: 'not_found' }],
    [500, 'cluster not ready - no quorum?\n', undefined, { kind: 'no_quorum' }],
    [500, "cfs-lock 'file-user_cfg' error: no quorum!\n", undefined, { kind: 'no_quorum' }],
    [500, 'VM is locked (backup)\n', undefined, { kind: 'server' }],
    [500, 'proxy loop detected', undefined, { kind: 'server' }],
    [500, 'QEMU guest agent is not running\n', undefined, { kind: 'server' }],
    [500, 'cannot index groups: ha groups have been migrated to rules\n', undefined, { kind: 'server' }],
    [501, "Method 'GET /foo' not implemented", undefined, { kind: 'not_implemented' }],
    [501, 'no such uri', undefined, { kind: 'not_implemented' }],
    [
      595,
      'No route to host',
      undefined,
      { kind: 'node_unreachable', message: 'pve2 cannot be reached (595: No route to host), asked through pve1:8006.' },
    ],
    [596, 'Connection timed out', undefined, { kind: 'node_unreachable' }],
    [
      597,
      '',
      undefined,
      { kind: 'node_unreachable', message: 'pve2 broke off its answer (597), asked through pve1:8006.' },
    ],
    [599, 'Too many redirections', undefined, { kind: 'node_unreachable' }],
    [502, 'Bad Gateway', undefined, { kind: 'server' }],
    [504, 'Gateway Timeout', undefined, { kind: 'timeout' }],
    [404, 'Not Found', undefined, { kind: 'not_found' }],
  ];

test.each(CASES)('%d %j %j', (status, text, errors, expected) => {
  const problem = problemOfAnswer({ status, text, ...(errors === undefined ? {} : { errors }) }, WHERE);
  expect(problem).toMatchObject(expected);
  check(problem);
  expect('missing' in problem).toBe('missing' in expected);
});

/** What holds of every problem: a person can read it, and knows what to do. */
function check({ message, next_step }: Problem): void {
  expect(message).not.toBe('');
  expect(next_step).not.toBe('');
  // Only our own line ends; nothing that moves a terminal's cursor.
  expect(message + next_step).not.toMatch(/[\p{Cc}--\n]/v);
}

describe('whatever a server writes', () => {
  const answer = fc.record({
    status: fc.integer({ min: 100, max: 999 }),
    reason: fc.string(),
    type: fc.constantFrom('application/json', 'text/html', 'text/plain', ''),
    body: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .record(
          { data: fc.jsonValue(), message: fc.jsonValue(), errors: fc.jsonValue(), total: fc.jsonValue() },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
    ),
  });

  test('opens as data, a refusal or something foreign, and a refusal becomes a readable problem', () => {
    fc.assert(
      fc.property(answer, ({ status, reason, type, body }) => {
        const received: Answer = { kind: 'answer', status, reason, body, headers: { 'content-type': type } };
        const content = openEnvelope(received);
        if (content.kind === 'refusal') check(problemOfAnswer(content.refusal, WHERE));
        if (content.kind === 'data') expect(status >= 200 && status < 300 && JSON.parse(body)).toHaveProperty('data');
      }),
    );
  });
});

test('whatever is thrown on the way becomes a readable problem without the words of the error', () => {
  fc.assert(
    fc.property(fc.anything(), fc.string({ minLength: 12 }), (thrown, words) => {
      check(problemOfFailure(failureOf(thrown, 'sent', false), WHERE));
      const problem = problemOfFailure(failureOf(new Error(`secret-${words}`), 'unsent', false), WHERE);
      expect(JSON.stringify(problem)).not.toContain('secret-');
    }),
  );
});
