import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

interface Operation {
  readonly parameters?: readonly { name: string; in: string }[];
  readonly requestBody?: unknown;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

let lab: Lab;
let token: string;
let routes: { method: string; path: string; operation: Operation }[];
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['admin']);
  const paths = (await lab.send('GET /v1/openapi.json')).at('paths') as Paths; // OpenAPI's shape
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(() => lab.close());

/** What nobody means well by. None of it names anything that there is. (Two dots alone, a client takes away before it sends.) */
const VALUES = [
  '%00',
  '..%2f..%2fetc%2fpasswd',
  '__proto__',
  'constructor',
  'toString',
  "'%20or%201=1--",
  '%f0%9f%92%a9',
  '-1',
  '99999999999999999999',
  'a'.repeat(400),
  '%0d%0aset-cookie:%20a=b',
  '%7b%7b7*7%7d%7d',
  '$%7bjndi:ldap:x%7d',
];
const BODIES: readonly string[] = [
  '[]',
  '"text"',
  '0',
  'null',
  '{"constructor":1}',
  '{"__proto__":{"admin":true}}',
  '{"a":{"b":{"c":[[[[[[]]]]]]}}}',
  `{"name":"${'a'.repeat(70_000)}"}`,
  '{"name":"\\u0000\\ud800"}',
];

/** So many of them for each place, others for the next: all of them come up everywhere, and the test stays quick. */
const EACH = 4;
const someOf = <T>(all: readonly T[], place: number): T[] =>
  Array.from({ length: EACH }, (_, turn) => all[(place * EACH + turn) % all.length] as T); // within its length

/** What is answered for all of them, by the requests that got something else than a refusal. */
async function unrefused(requests: readonly { line: string; body?: string }[]): Promise<string[]> {
  const odd: string[] = [];
  for (const { line, body } of requests) {
    const [method = '', url = ''] = line.split(' ');
    const {
      statusCode,
      body: text,
      headers,
    } = await lab.app.inject({
      method: method as 'GET', // the document names methods that there are
      url,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const isRefused = statusCode >= 400 && statusCode < 500 && statusCode !== 401 && statusCode !== 429;
    if (!isRefused || 'set-cookie' in headers)
      odd.push(`${line} ${body?.slice(0, 40) ?? ''} → ${statusCode} ${text.slice(0, 200)}`);
  }
  return odd;
}

describe('whatever the route', () => {
  test('a hostile id in its path is refused', async () => {
    const withId = routes.filter(({ path }) => path.includes('{'));
    expect(withId.length).toBeGreaterThan(10);
    const requests = withId.flatMap(({ method, path, operation }, place) =>
      someOf(VALUES, place).map((value) => ({
        line: `${method} ${path.replace(/\{\w+\}/g, value)}`,
        ...(operation.requestBody === undefined ? {} : { body: '{}' }),
      })),
    );
    expect(await unrefused(requests)).toEqual([]);
  });

  test('a hostile value in its query is refused, or means nothing to it', async () => {
    const withQuery = routes.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
    const requests = withQuery.flatMap(({ path, operation }, route) =>
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .flatMap(({ name }, at) =>
          someOf(VALUES, route + at).map((value) => ({ line: `GET ${path}?${name}=${value}` })),
        ),
    );
    expect(requests.length).toBeGreaterThan(100);
    const odd = await unrefused(requests);
    expect(odd.filter((line) => !/→ (?:200|429) /.test(line))).toEqual([]);
  });

  test('a hostile body is refused', async () => {
    const withBody = routes.filter(({ operation }) => operation.requestBody !== undefined);
    const requests = withBody.flatMap(({ method, path }, place) =>
      someOf(BODIES, place).map((body) => ({ line: `${method} ${path.replace(/\{\w+\}/g, 'vm-101')}`, body })),
    );
    // A body that may be left out may also be null.
    const odd = (await unrefused(requests)).filter((line) => !/ null → 2/.test(line));
    expect(odd).toEqual([]);
  });
});
