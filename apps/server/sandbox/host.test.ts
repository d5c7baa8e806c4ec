import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { SandboxHost } from './host.ts';

let lab: Lab;
let host: SandboxHost | undefined;
let restarts = 0;
const restart = async (): Promise<void> => void (restarts += 1);
beforeEach(async () => {
  restarts = 0;
  lab = await Lab.start();
});
afterEach(async () => {
  host?.close();
  vi.useRealTimers();
  await lab.close();
});

const resets = async (): Promise<unknown[]> =>
  (await lab.service.store.auditLog(0, 100)).filter(({ kind }) => kind === 'sandbox.reset').map(({ who }) => who);

test('begins anew every day at 00:00 UTC', async () => {
  // The calendar is that of the machine, whatever the clock of the sandbox shows.
  vi.useFakeTimers({ now: Date.UTC(2026, 1, 22, 23, 59, 58), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  host = new SandboxHost(lab.service, restart, (error) => expect.fail(String(error)));
  expect(host.nextReset()).toEqual(new Date('2026-02-23T00:00:00Z'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(restarts).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitFor(async () => expect(await resets()).toEqual(['the sandbox']));
  expect(restarts).toBe(1);
  expect(host.nextReset()).toEqual(new Date('2026-02-24T00:00:00Z'));
});

test('begins anew once for all who ask for it at the same time', async () => {
  host = new SandboxHost(lab.service, restart, (error) => expect.fail(String(error)));
  const by = { name: 'anna', door: 'rest' } as const;
  await Promise.all([host.reset(by), host.reset(by)]);
  expect([restarts, await resets()]).toEqual([1, ['anna']]);
  await host.reset(by);
  expect(restarts).toBe(2);
});
