import { createServer as createHttp, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
}
interface Batch {
  resourceSpans: { resource: { attributes: Sent['attributes'] }; scopeSpans: { spans: Sent[] }[] }[];
}

/** What collectors do: take batches of spans as JSON, and say that they have them. */
let collector: Server;
const batches: Batch[] = [];
beforeAll(async () => {
  collector = createHttp((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      if (request.url === '/v1/traces') batches.push(JSON.parse(text) as Batch); // the exporter writes them
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => void collector.close());

test('a request is a span, and each call to Proxmox for it one below, also those of the job that it began', async () => {
  const { port } = collector.address() as AddressInfo; // it listens on a port
  const lab = await Lab.start({}, {}, { traces: { endpoint: `http://127.0.0.1:${port}/` } });
  const token = await lab.token(['vm:read', 'vm:write']);
  const above = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await lab.send('GET /v1/vms?status=running', token, undefined, { traceparent: above });
  const begun = await lab.send('POST /v1/vms/vm-103/stop', token, { graceful: true });
  await lab.ended(begun.text('data.job_id'));
  // What is left is sent at the end.
  await lab.close();

  const sent = batches.flatMap(({ resourceSpans }) => resourceSpans);
  expect(sent[0]?.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'pxa' } });
  const spans = sent.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const list = spans.find(({ name }) => name === 'GET /v1/vms');
  expect(list).toMatchObject({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentSpanId: '00f067aa0ba902b7' });
  const belowList = spans.filter(({ parentSpanId }) => parentSpanId === list?.spanId);
  expect(belowList.map(({ name }) => name)).toContain('proxmox GET');
  const stop = spans.find(({ name }) => name === 'POST /v1/vms/:vm_id/stop');
  const calls = spans.filter(({ parentSpanId }) => parentSpanId === stop?.spanId);
  const paths = calls.map(({ attributes }) => attributes.find(({ key }) => key === 'url.path')?.value['stringValue']);
  expect(calls.map(({ name }) => name)).toEqual(expect.arrayContaining(['proxmox GET', 'proxmox POST']));
  expect(paths).toContain('/api2/json/nodes/pve-node01/qemu/103/status/shutdown');
  expect(JSON.stringify(batches)).not.toContain(token);
});

test('a collector that is away does not keep the service from answering or ending', async () => {
  const lab = await Lab.start({}, {}, { traces: { endpoint: 'http://127.0.0.1:1' } });
  expect((await lab.send('GET /livez')).status).toBe(200);
  await lab.close();
});
