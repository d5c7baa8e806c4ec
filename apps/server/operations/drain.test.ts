import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { Raw, statusesIn } from '../testing/raw.ts';
import { drain } from './drain.ts';

async function listening(...how: Parameters<typeof Lab.start>): Promise<{ lab: Lab; url: string }> {
  const lab = await Lab.start(...how);
  await lab.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = lab.app.server.address() as AddressInfo; // it listens on a port
  return { lab, url: `http://127.0.0.1:${port}` };
}

test('first it says that it is stopping, and still takes what comes', async () => {
  const { lab, url } = await listening({}, { drain_seconds: 5 });
  const waits: number[] = [];
  const seen: number[] = [];
  await drain(lab.app, async (ms, signal) => {
    waits.push(ms);
    // The time that it gives itself to end: here it never passes.
    if (signal !== undefined) return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    for (const path of ['/readyz', '/livez', '/v1/info']) seen.push((await fetch(`${url}${path}`)).status);
  });
  expect(waits[0]).toBe(5_000);
  expect(seen).toEqual([503, 200, 200]);
  await expect(fetch(`${url}/livez`)).rejects.toThrow(/fetch failed/);
  await lab.close();
});

test('what takes too long is cut off', async () => {
  const { lab } = await listening();
  const token = await lab.token(['vm:read']);
  const stuck = await Raw.to(lab);
  stuck.send(
    `POST /v1/ask HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{`,
  );
  const other = await Raw.to(lab);
  expect(statusesIn(await other.send('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n').shows(/200 OK/))).toEqual([200]);
  const waited: number[] = [];
  await drain(lab.app, async (ms) => void waited.push(ms), 7);
  expect(waited).toEqual([0, 7]);
  expect(await stuck.ended()).toBe('');
  await lab.close();
});
