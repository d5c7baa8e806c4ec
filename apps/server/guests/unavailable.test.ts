import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read', 'container:read']);
});
afterAll(() => lab.close());

/** What may be null because it is not set: that is known, and so not unavailable (a tag, a VLAN, a gateway). */
const UNSET = [
  'description',
  'environment',
  'configuration.network.vlan_id',
  'configuration.network.gateway',
  'configuration.network.bridge',
];

/** The places of a value that are null, with those of lists without their numbers. */
function nulls(value: unknown, at: readonly string[] = []): string[] {
  if (value === null) return [at.join('.')];
  if (Array.isArray(value)) return [...new Set(value.flatMap((each) => nulls(each, at)))];
  if (typeof value !== 'object') return [];
  return Object.entries(value ?? {}).flatMap(([key, each]) => nulls(each, [...at, key]));
}

/** The places that an answer says it cannot tell; one that stands for its neighbours stands for them all. */
const named = (list: readonly Readonly<Record<string, unknown>>[]): string[] => list.map(({ field }) => String(field));

test.each(['vms', 'vms?template=true', 'vms?sort=created_at', 'containers'])(
  'GET /v1/%s names what is null',
  async (path) => {
    const got = await lab.send(`GET /v1/${path}`, token);
    const rows = got.list(`data.${path.split('?')[0]}`);
    const fields = named(got.list('meta.unavailable'));
    expect(rows.length).toBeGreaterThan(0);
    expect(nulls(rows).filter((at) => !UNSET.includes(at) && !fields.includes(at))).toEqual([]);
    expect(got.list('meta.unavailable').every(({ reason }) => String(reason).length > 10)).toBe(true);
  },
);

const GUESTS = 'vm-100 vm-101 vm-103 vm-104 vm-105 vm-110 vm-112 vm-9000 ct-200 ct-201 ct-203'.split(' ');
test.each(GUESTS)('what is null of %s is named, each once', async (id) => {
  const [area, one] = id.startsWith('vm') ? ['vms', 'vm'] : ['containers', 'container'];
  const got = await lab.send(`GET /v1/${area}/${id}`, token);
  const fields = named(got.list('meta.unavailable'));
  const silent = nulls(got.at(`data.${one}`)).filter((at) => !UNSET.includes(at) && !fields.includes(at));
  expect(silent).toEqual([]);
  expect(fields.length).toBe(new Set(fields).size);
});
