import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { Raw, statusesIn } from '../testing/raw.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start({}, { max_connections: 8 }, { patience: { bodyMs: 150, headersMs: 150, lookMs: 20 } });
  token = await lab.token(['admin']);
  await lab.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => lab.close());

const head = (line: string, ...more: string[]): string =>
  [line, 'host: x', `authorization: Bearer ${token}`, ...more].join('\r\n') + '\r\n\r\n';

describe('what is no request', () => {
  const garbage: [name: string, bytes: string, status: number][] = [
    ['HTTP/0.9', 'GET /livez\r\n\r\n', 400],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a header without a name', 'GET /livez HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n', 400],
    ['a header folded over lines', 'GET /livez HTTP/1.1\r\nhost: x\r\nx-a: b\r\n c\r\n\r\n', 400],
    ['a NUL in a header', 'GET /livez HTTP/1.1\r\nhost: x\r\nx-a: \0\r\n\r\n', 400],
    ['no host', 'GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['two hosts', 'GET /livez HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: close\r\n\r\n', 400],
    ['headers that are too large', `GET /livez HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a length that is no number', 'POST /v1/ask HTTP/1.1\r\nhost: x\r\ncontent-length: ten\r\n\r\n', 400],
    ['a length below zero', 'POST /v1/ask HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n', 400],
    ['two lengths', 'POST /v1/ask HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}', 400],
    [
      'a length and chunks, which one proxy reads one way and the next another',
      'POST /v1/ask HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ];
  test.each(garbage)('%s', async (_name, bytes, status) => {
    const raw = await Raw.to(lab);
    const text = await raw.send(bytes).ended();
    expect(statusesIn(text)).toEqual([status]);
    expect(text).toMatch(/\{"success":false,"error":\{"code":"[A-Z_]+"/);
    expect(text).not.toMatch(/Error:|at \w+ \(/);
  });
});

test('what a client expects besides is passed over, and its request answered', async () => {
  const raw = await Raw.to(lab);
  const text = await raw.send(head('GET /livez HTTP/1.1', 'expect: a-miracle', 'connection: close')).ended();
  expect(statusesIn(text)).toEqual([200]);
});

test('a probe may say in its query what it likes', async () => {
  expect((await lab.send('GET /livez?verbose=1')).status).toBe(200);
});

test('a body that says of itself that it is encoded is not taken for what it is not', async () => {
  const body = '{"request":"list vms"}';
  const raw = await Raw.to(lab);
  raw.send(
    head(
      'POST /v1/ask HTTP/1.1',
      'content-type: application/json',
      'content-encoding: gzip',
      `content-length: ${body.length}`,
      'connection: close',
    ),
  );
  const text = await raw.send(body).ended();
  expect(text).toMatch(/^HTTP\/1\.1 415 .*UNSUPPORTED_MEDIA_TYPE/s);
});

describe('who is slow', () => {
  test('with headers is let go', async () => {
    const raw = await Raw.to(lab);
    const text = await raw.send('GET /livez HTTP/1.1\r\nhost: x\r\nx-a: b').ended();
    expect(text).toMatch(/^HTTP\/1\.1 408 .*REQUEST_TIMEOUT/s);
  });

  test('with a body is told so, and let go', async () => {
    const raw = await Raw.to(lab);
    raw.send(head('POST /v1/ask HTTP/1.1', 'content-type: application/json', 'content-length: 100'));
    const text = await raw.send('{"request": "lis').ended();
    expect(text).toMatch(/^HTTP\/1\.1 408 .*connection: close.*REQUEST_TIMEOUT/s);
  });

  test('with a body of chunks, too', async () => {
    const raw = await Raw.to(lab);
    raw.send(head('POST /v1/ask HTTP/1.1', 'content-type: application/json', 'transfer-encoding: chunked'));
    expect(statusesIn(await raw.send('2\r\n{"\r\n').ended())).toEqual([408]);
  });

  test('after a refusal is not read to the end', async () => {
    const raw = await Raw.to(lab);
    raw.send('POST /v1/ask HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999999\r\n\r\n');
    expect(await raw.ended()).toMatch(/^HTTP\/1\.1 401 .*connection: close/s);
  });

  test('goes away in the middle, and nothing comes of it', async () => {
    const raw = await Raw.to(lab);
    raw.send(head('POST /v1/ask HTTP/1.1', 'content-type: application/json', 'content-length: 100'));
    raw.send('{"request": ').close();
    expect((await lab.send('GET /livez')).status).toBe(200);
  });
});

test('requests that come at once on one connection are answered in their order', async () => {
  const raw = await Raw.to(lab);
  raw.send(head('GET /livez HTTP/1.1') + head('GET /v1/nothing HTTP/1.1') + head('GET /v1/vms?limit=x HTTP/1.1'));
  raw.send(head('GET /livez HTTP/1.1', 'connection: close'));
  expect(statusesIn(await raw.ended())).toEqual([200, 404, 400, 200]);
});

test('more connections than are allowed are closed, and room comes back', async () => {
  const held = await Promise.all(Array.from({ length: 8 }, () => Raw.to(lab)));
  await Promise.all(held.map((raw) => raw.send(head('GET /livez HTTP/1.1')).shows(/200 OK/)));
  const more = await Promise.all(Array.from({ length: 4 }, () => Raw.to(lab)));
  expect(await Promise.all(more.map((raw) => raw.send(head('GET /livez HTTP/1.1')).ended()))).toEqual(['', '', '', '']);
  const gone = held.map((raw) => raw.send(head('GET /livez HTTP/1.1', 'connection: close')).ended());
  await Promise.all(gone);
  const again = await Raw.to(lab);
  expect(statusesIn(await again.send(head('GET /livez HTTP/1.1', 'connection: close')).ended())).toEqual([200]);
});

describe('a hostile path or body gives 4xx in our shape', () => {
  const long = 'a'.repeat(3_000);
  const requests: [line: string, status: number][] = [
    ['GET /v1/vms/vm-101%00', 404],
    ['GET /v1/vms/%2e%2e%2fetc%2fpasswd', 404],
    ['GET /v1/vms/..%2f..%2fcluster', 404],
    ['GET /v1/vms/vm-101%2fsnapshots', 404],
    ['GET /v1/vms/%zz', 400],
    ['GET /v1/vms/%c3%28', 400],
    [`GET /v1/vms/${long}`, 414],
    [`GET /v1/jobs/${long}`, 414],
    ['GET /v1/jobs/__proto__', 404],
    ['GET /v1/jobs/constructor', 404],
    ['GET /v1/approvals/toString', 404],
    ['GET /v1/vms/vm-1e3', 404],
    ['GET /v1/vms/VM-101', 404],
    ['GET /v1/vms?limit=1&limit=2', 400],
    ['GET /v1/vms?limit[]=1', 422],
    ['GET /v1/vms?__proto__=1', 422],
    ['GET /v1/vms?constructor[prototype]=1', 422],
    ['GET /v1/vms?cursor=%00', 422],
    ['GET /v1/vms?connection=__proto__', 422],
    ['GET //v1/vms', 404],
    ['GET /v1/vms/', 404],
    ['GET /v1/webhooks?limit=2', 422],
    ['GET /v1/maintenance?x=1', 422],
    ['POST /v1/vms/vm-101/stop?graceful=false', 422],
    ['GET /V1/vms', 404],
    ['TRACE /v1/vms', 405],
    ['DELETE /v1/info', 405],
    ['PATCH /v1/vms/vm-101', 405],
    ['DELETE /v1/nothing', 404],
    ['GET /docs/static/%2e%2e/%2e%2e/package.json', 404],
  ];
  test.each(requests)('%s', async (line, status) => {
    const raw = await Raw.to(lab);
    const text = await raw.send(head(`${line} HTTP/1.1`, 'connection: close')).ended();
    expect(statusesIn(text)).toEqual([status]);
    expect(text).toMatch(/\{"success":false,"error":\{"code":"[A-Z_]+"/);
  });

  test('a path that is there for other methods tells them', async () => {
    const got = await lab.send('PATCH /v1/vms/vm-101');
    expect(got).toMatchObject({ status: 405, headers: { allow: 'DELETE, GET, HEAD, PUT' } });
    expect(got.at('error')).toMatchObject({ code: 'METHOD_NOT_ALLOWED', details: { field: 'method' } });
  });

  const worded: [line: string, body: unknown, message: string][] = [
    ['POST /v1/ask', { request: 'x'.repeat(4_001) }, 'request must have at most 4000 letters.'],
    ['POST /v1/ask', { request: '' }, 'request must have at least 1 letters.'],
    ['GET /v1/vms?limit=201', undefined, 'limit must be at most 200.'],
    ['GET /v1/vms/', undefined, 'The path names no VM.'],
    ['GET /v1/audit?cursor=x', undefined, 'cursor is not written as it has to be (it is to match /^\\d{1,15}$/).'],
  ];
  test.each(worded)('%s: what is wrong is told in words', async (line, body, message) => {
    const got = await lab.send(line, token, body);
    expect([[404, 422].includes(got.status), got.at('error.message')]).toEqual([true, message]);
  });

  test('a nest as deep as a body may be long is refused before anything looks into it', async () => {
    const got = await lab.sendRaw('POST /v1/ask', token, `${'['.repeat(500_000)}${']'.repeat(500_000)}`);
    expect(got.at('error.details.reason')).toBe('too_deep');
  });

  const bodies: [name: string, body: string, type: string, status: number][] = [
    ['a prototype in JSON', '{"request":"x","__proto__":{"admin":true}}', 'application/json', 400],
    ['a constructor in JSON', '{"request":"x","constructor":{"prototype":{}}}', 'application/json', 400],
    ['JSON that ends early', '{"request":', 'application/json', 400],
    ['a deep nest', `{"request":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'application/json', 422],
    ['more than a mebibyte', `{"request":"${'x'.repeat(1_100_000)}"}`, 'application/json', 413],
    ['a lone surrogate', '{"request":"\\ud800"}', 'application/json', 200],
    ['text', '{"request":"list vms"}', 'text/plain', 415],
    ['no JSON', 'request=x', 'application/x-www-form-urlencoded', 415],
    ['XML', '<a/>', 'application/xml', 415],
    ['a list', '[]', 'application/json', 422],
    ['null', 'null', 'application/json', 422],
    ['two values', '{}{}', 'application/json', 400],
  ];
  test.each(bodies)('%s', async (_name, body, type, status) => {
    const got = await lab.app.inject({
      method: 'POST',
      url: '/v1/ask',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      payload: body,
    });
    expect(got.statusCode).toBe(status);
    expect(got.json()).toMatchObject({ success: status === 200 });
  });
});
