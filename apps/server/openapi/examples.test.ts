import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';
import { BODY_EXAMPLES, PATH_EXAMPLES } from './examples.ts';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly example?: unknown }[];
}

const asked = await Lab.start();
const { paths } = (await asked.send('GET /v1/openapi.json')).body as {
  paths: Record<string, Record<string, Operation>>; // OpenAPI's form
};
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, line: `${method.toUpperCase()} ${path}` })),
);
const withBody = operations.filter(({ requestBody }) => requestBody?.content['application/json'] !== undefined);

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start();
});
afterAll(async () => {
  await asked.close();
  await lab.close();
});

test('every operation that takes a body has an example, and there are no others', () => {
  expect(Object.keys(BODY_EXAMPLES).toSorted()).toEqual(withBody.map(({ operationId }) => operationId).toSorted());
});

test('what names things that a cluster has shows one of them', () => {
  const named = operations.flatMap(({ parameters = [] }) => parameters).filter(({ in: place }) => place === 'path');
  for (const { name, example } of named) expect(example).toEqual(PATH_EXAMPLES[name]);
});

describe('an example is understood', () => {
  test.each(withBody.map((each) => [each.operationId, each] as const))('%s', async (id, { line, requestBody }) => {
    const { example } = requestBody?.content['application/json'] ?? {};
    expect(example).toEqual(BODY_EXAMPLES[id]);
    const url = line.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(PATH_EXAMPLES[name] ?? 'none'));
    const got = await lab.send(url, await lab.token(['admin']), example);
    // It is understood; whether it can be done now, the examples before have a say in as well.
    expect([200, 201, 202, 404, 409].includes(got.status) ? 'understood' : got.body).toBe('understood');
    if (id === 'setMaintenance') await lab.send(url, await lab.token(['admin']), { enabled: false });
  });
});
