import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scope, SCOPES } from './auth/scopes.ts';
import { type Got, Lab } from './testing/lab.ts';

/** What holds for every route, whatever it is for: each is called in each way that is wrong. */

interface Route {
  readonly method: string;
  /** As it is called, with ids that there are none of. */
  readonly url: string;
  readonly line: string;
  /** Undefined where it depends on what is asked for, or where nobody has to say who they are. */
  readonly scope: Scope | undefined;
  readonly isGuarded: boolean;
  readonly takesBody: boolean;
  readonly statuses: readonly string[];
  readonly operationId: unknown;
  readonly summary: unknown;
  readonly tags: unknown;
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security: readonly { token: readonly Scope[] }[];
  readonly requestBody?: { content: Record<string, unknown> };
  readonly responses: Readonly<Record<string, unknown>>;
}

const lab = await Lab.start();
const routes = routesOf((await lab.send('GET /v1/openapi.json')).body);
afterAll(() => lab.close());

function routesOf(document: unknown): Route[] {
  const { paths } = document as { paths: Record<string, Record<string, Operation>> }; // OpenAPI's form
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      url: path.replace(/\{\w+\}/g, 'none'),
      line: `${method.toUpperCase()} ${path}`,
      scope: operation.security[0]?.token[0],
      isGuarded: operation.security.length > 0,
      takesBody: operation.requestBody?.content['application/json'] !== undefined,
      statuses: Object.keys(operation.responses),
      operationId: operation.operationId,
      summary: operation.summary,
      tags: operation.tags,
    })),
  );
}

const guarded = routes.filter(({ isGuarded }) => isGuarded);
const withBody = guarded.filter(({ takesBody }) => takesBody);
const named = (of: readonly Route[]): [string, Route][] => of.map((route) => [route.line, route]);

/** Each answer that is not what was asked for has the one shape of errors, and is one that the document names. */
function expectFailure(got: Got, route: Route, status: number): void {
  expect(got).toMatchObject({
    status,
    headers: { 'api-version': 'v1', 'x-request-id': expect.stringMatching(/^req_/) },
    body: {
      success: false,
      error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String), details: expect.any(Object) },
      meta: { request_id: expect.stringMatching(/^req_/), timestamp: expect.any(String) },
    },
  });
  expect(route.statuses).toContain(String(status));
}

test('the document has enough of them, each with a name of its own', () => {
  expect(routes.length).toBeGreaterThan(20);
  const ids = routes.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(routes.filter(({ operationId: id }) => typeof id !== 'string' || !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
  expect(routes.filter(({ summary }) => typeof summary !== 'string' || summary.length < 8)).toEqual([]);
  expect(routes.filter(({ tags }) => !Array.isArray(tags) || tags.length !== 1)).toEqual([]);
});

describe('every guarded route', () => {
  let admin: string;
  beforeAll(async () => {
    admin = await lab.token(['admin']);
  });

  test.each(named(guarded))('%s: without a token 401, and nothing is told', async (_, route) => {
    const got = await lab.send(`${route.method} ${route.url}`);
    expectFailure(got, route, 401);
    expect(got.at('error.code')).toMatch(/^INVALID_(?:TOKEN|CREDENTIALS)$/);
  });

  test.each(named(guarded.filter(({ scope }) => scope !== undefined)))(
    '%s: a token with every scope but its own gets 403, which names it',
    async (_, route) => {
      const others = SCOPES.filter((scope) => scope !== route.scope && scope !== 'admin');
      const got = await lab.send(`${route.method} ${route.url}`, await lab.token(others));
      expectFailure(got, route, 403);
      expect(got.at('error.details.required_scope')).toBe(route.scope);
    },
  );

  test.each(named(withBody))('%s: malformed JSON is 400', async (_, route) => {
    const got = await lab.sendRaw(`${route.method} ${route.url}`, admin, '{"a": ');
    expectFailure(got, route, 400);
  });

  test.each(named(withBody))('%s: a field that there is none of is 422, which names it', async (_, route) => {
    const got = await lab.send(`${route.method} ${route.url}`, admin, { no_such_field: 1 });
    expect([404, 422]).toContain(got.status);
    expectFailure(got, route, got.status);
  });

  test.each(named(withBody))('%s: a body of another type is 415', async (_, route) => {
    const got = await lab.sendRaw(`${route.method} ${route.url}`, admin, '<a/>', 'application/xml');
    expectFailure(got, route, 415);
  });

  const withId = guarded.filter(({ line }) => line.includes('{'));
  test.each(named(withId))('%s: an id that there is none of is never more than a 4xx', async (_, route) => {
    const got = await lab.send(`${route.method} ${route.url}`, admin, route.takesBody ? {} : undefined);
    expect([404, 422]).toContain(got.status);
    expectFailure(got, route, got.status);
  });
});

test('every guarded route is limited, but those that whoever waits looks at often', () => {
  const free = guarded.filter(({ statuses }) => !statuses.includes('429'));
  expect(free.map(({ line }) => line).toSorted()).toEqual(['GET /metrics', 'GET /v1/jobs/{job_id}']);
});
