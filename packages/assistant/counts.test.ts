import { connect } from '@pxa/pve';
import { SandboxClock, type SandboxOptions, startSandbox } from '@pxa/sandbox';
import { expect, test } from 'vitest';
import type { Answer } from '@pxa/contract';
import { createAssistant } from './create.ts';

type Faults = NonNullable<SandboxOptions['faults']>;

async function asked(request: string, faults: Faults = []): Promise<Answer> {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  const sandbox = await startSandbox({ world: 'demo', clock, faults });
  const cluster = connect({
    url: sandbox.url,
    auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
    tls: { fingerprint: sandbox.fingerprint },
  });
  const assistant = createAssistant({ cluster, now: () => clock.now(), ids: () => 'c1' });
  try {
    return await assistant.ask({ request });
  } finally {
    await assistant.close();
    await sandbox.close();
  }
}

test('an order to everything of a kind is asked about, with how many there are', async () => {
  const answer = await asked('remove all snapshots');
  expect(answer.kind).toBe('clarification');
  expect(answer.text).toContain('5 snapshots');
  expect(answer.calls.every(({ method }) => method === 'GET')).toBe(true);
});

test('where some of them cannot be read, no figure is given, and what is missing is named', async () => {
  const path = '/nodes/pve-node01/qemu/101/snapshot';
  const answer = await asked('remove all snapshots', [{ fault: 'error', status: 500, message: 'disk trouble', path }]);
  expect(answer.kind).toBe('clarification');
  expect(answer.text).toContain('every snapshot of every guest');
  expect(answer.kind === 'clarification' && answer.findings.map(({ text }) => text).join()).toContain('disk trouble');
});
