import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allRoutes, normalizeParams, validate } from './index.ts';
import type { RouteId } from './index.ts';

const unknown = 'property is not defined in schema and the schema does not allow additional properties';
const missing = 'property is missing and it is not optional';
const vm = { node: 'pve1', vmid: '100' };

const cases: [says: string, route: RouteId, params: Record<string, unknown>, errors: Record<string, string>][] = [
  ['passes', 'GET /nodes/{node}/qemu', { node: 'pve1' }, {}],
  ['missing', 'GET /nodes/{node}/qemu', {}, { node: missing }],
  ['null is missing', 'GET /nodes/{node}/qemu', { node: null }, { node: missing }],
  ['unknown', 'GET /nodes/{node}/qemu', { node: 'pve1', nodes: 'x' }, { nodes: unknown }],
  ['inherited names are unknown', 'GET /version', { toString: '1' }, { toString: unknown }],
  ['an index in bounds', 'PUT /nodes/{node}/qemu/{vmid}/config', { ...vm, net31: 'virtio' }, {}],
  ['an index out of bounds', 'PUT /nodes/{node}/qemu/{vmid}/config', { ...vm, net32: 'virtio' }, { net32: unknown }],
  ['an index with a zero before', 'PUT /nodes/{node}/qemu/{vmid}/config', { ...vm, net01: 'x' }, { net01: unknown }],
  ['a list as an array', 'PUT /nodes/{node}/qemu/{vmid}/config', { ...vm, delete: ['net0', 'net1'] }, {}],
  ['a lone value for an array', 'POST /nodes/{node}/qemu/{vmid}/agent/exec', { ...vm, command: 'ls' }, {}],
  ['anything, where nothing is said', 'GET /cluster/sdn/fabrics', { whatever: '1' }, {}],
  [
    'a variant without its type',
    'POST /cluster/ha/rules',
    { rule: 'r1', resources: 'vm:100' },
    { type: missing, resources: unknown },
  ],
  [
    'a variant of no such type',
    'POST /cluster/ha/rules',
    { rule: 'r1', type: 'x' },
    { type: "value 'x' does not have a value in the enumeration 'node-affinity, resource-affinity'" },
  ],
  [
    'a property of another variant',
    'POST /cluster/ha/rules',
    { rule: 'r1', type: 'resource-affinity', resources: 'vm:1', affinity: 'positive', nodes: 'a' },
    { nodes: unknown },
  ],
  [
    'fields of the protocol that is named',
    'POST /cluster/sdn/fabrics/node/{fabric_id}',
    { fabric_id: 'f1', node_id: 'a', protocol: 'ospf', interfaces: ['name=eth0,hello_multiplier=3'] },
    { 'interfaces[0]': `invalid format - format error\ninterfaces[0].hello_multiplier: ${unknown}\n` },
  ],
  ['a calendar event', 'POST /cluster/backup', { schedule: 'mon..fri *-1..7 8..18/2:0/30 UTC' }, {}],
  [
    'an hour that is none',
    'POST /cluster/backup',
    { schedule: 'sun 24:00' },
    { schedule: "invalid format - invalid calendar event 'sun 24:00' - unable to parse calendar event\n" },
  ],
  [
    'a pool nested too deep',
    'POST /pools',
    { poolid: 'a/b/c/d' },
    { poolid: "invalid format - pool name 'a/b/c/d' nested too deep (max levels = 3)\n" },
  ],
];

test.each(cases)('%s', (_, route, params, errors) => {
  expect(validate(route, params)).toEqual(errors);
});

describe('any parameters', () => {
  const params = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('node', 'vmid', 'net0', 'delete')),
    fc.jsonValue(),
  );

  test('are checked without throwing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allRoutes()), params, (route, given) => {
        for (const text of Object.values(validate(route, given))) expect(text).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
  });

  test('stay as valid when they are normalised', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allRoutes()), params, (route, given) => {
        expect(validate(route, normalizeParams(route, given))).toEqual(validate(route, given));
      }),
      { numRuns: 200 },
    );
  });
});
