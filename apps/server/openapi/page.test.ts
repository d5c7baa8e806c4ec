import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start();
});
afterAll(() => lab.close());

test('the reference page and all that it needs come from the service itself', async () => {
  const page = await lab.send('GET /docs/');
  expect(page.status).toBe(200);
  const needed = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
  expect(needed.length).toBeGreaterThan(3);
  for (const url of needed) {
    const path = new URL(url, 'http://service/docs/');
    expect(path.host).toBe('service');
    expect([path.pathname, (await lab.send(`GET ${path.pathname}`)).status]).toEqual([path.pathname, 200]);
  }
  expect(page.headers['content-security-policy']).not.toMatch(/unsafe|https?:/);
});

test('the reference page needs no style that its own policy refuses', async () => {
  // The bar of the standalone layout brings one within the page; a browser shows it as an error in its console.
  const { body } = await lab.send('GET /docs/static/swagger-initializer.js');
  expect(String(body)).toContain('"layout":"BaseLayout"');
});

test('the collection holds every route, once, with the token as a variable', async () => {
  const { body: document } = await lab.send('GET /v1/openapi.json');
  const { body } = await lab.send('GET /v1/postman/collection.json');
  // The forms of both are theirs; what is not so shows below.
  const { paths } = document as { paths: Record<string, object> };
  const { item, auth } = body as {
    item: { item: { request: { method: string; url: { raw: string } } }[] }[];
    auth: object;
  };
  const requests = item.flatMap((folder) => folder.item.map(({ request }) => `${request.method} ${request.url.raw}`));
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} {{baseUrl}}${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(requests.toSorted()).toEqual(routes.toSorted());
  expect(auth).toMatchObject({ bearer: [{ value: '{{token}}' }] });
});
