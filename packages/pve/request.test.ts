import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchRoute } from './facts/index.ts';
import { encodeForm } from './form.ts';
import { NotInFacts, type Request, ValueRefused, requestAt, requestOf } from './request.ts';
import { type WriteCall, hashOf } from './permit.ts';

const UPID = 'UPID:pve1:000019CE:03CAFC4E:6968D3C0:vzdump::root@pam:';

const BUILT: [template: string, params: object, gives: string][] = [
  ['/version', {}, '/version'],
  ['/nodes/{node}/qemu', { node: 'pve1', full: true }, '/nodes/pve1/qemu?full=1'],
  ['/nodes/{node}/qemu', { node: 'pve1', full: 0 }, '/nodes/pve1/qemu?full=0'],
  ['/nodes/{node}/qemu', { node: 'pve1', full: undefined }, '/nodes/pve1/qemu'],
  ['/nodes/{node}/tasks/{upid}/status', { node: 'pve1', upid: UPID }, `/nodes/pve1/tasks/${UPID}/status`],
  ['/nodes/{node}/tasks', { node: 'pve1', start: 5, limit: 0 }, '/nodes/pve1/tasks?limit=0&start=5'],
  [
    '/nodes/{node}/storage/{storage}/content/{volume}',
    { node: 'pve1', storage: 'local', volume: 'local:iso/a+b.iso' },
    '/nodes/pve1/storage/local/content/local:iso%2Fa+b.iso',
  ],
  [
    '/nodes/{node}/syslog',
    { node: 'pve1', since: '2026-01-15 12:00' },
    '/nodes/pve1/syslog?since=2026-01-15%2012%3A00',
  ],
];

test.each(BUILT)('GET %s with %j', (template, params, gives) => {
  expect(requestOf('GET', template, params).pathAndQuery).toBe(gives);
});

const REFUSED: [method: 'GET' | 'POST' | 'PUT', template: string, params: object, error: RegExp][] = [
  ['GET', '/nonsense', {}, /no route GET \/nonsense/],
  ['POST', '/version', {}, /no route POST/],
  ['GET', '/nodes/{node}/qemu', {}, /node is missing/],
  ['GET', '/nodes/{node}/qemu', { node: '' }, /node is missing/],
  ['GET', '/nodes/{node}/qemu', { node: 'pve1', all: 1 }, /no parameter all/],
  ['GET', '/nodes/{node}/qemu', { node: 'pve1/../pve2' }, /cannot stand in a path/],
  ['GET', '/nodes/{node}/rrddata', { node: 'pve1' }, /timeframe is missing/],
  ['GET', '/nodes/{node}/rrddata', { node: 'pve1', timeframe: 'eon' }, /enumeration/],
  ['GET', '/nodes/{node}/qemu/{vmid}/config', { node: 'pve1', vmid: 'abc' }, /vmid/],
  ['GET', '/nodes/{node}/qemu', { node: 'no such node' }, /node/],
  ['PUT', '/nodes/{node}/qemu/{vmid}/config', { node: 'pve1', vmid: 100, net32: 'virtio' }, /no parameter net32/],
  ['PUT', '/nodes/{node}/qemu/{vmid}/config', { node: 'pve1', vmid: 100, net0: 'model=nonsense' }, /net0/],
];

test.each(REFUSED)('%s %s with %j is refused', (method, template, params, error) => {
  expect(() => requestOf(method, template, params)).toThrow(error);
  expect(() => requestOf(method, template, params)).toThrow(NotInFacts);
});

test('a numbered parameter counts as far as there are numbers', () => {
  const given = { node: 'pve1', vmid: 100, net31: 'virtio,bridge=vmbr0', delete: 'net0' };
  expect(requestOf('PUT', '/nodes/{node}/qemu/{vmid}/config', given).params).toEqual({
    net31: 'virtio,bridge=vmbr0',
    delete: 'net0',
  });
});

describe('no value leads to another route', () => {
  const routes = [
    '/nodes/{node}/status',
    '/nodes/{node}/qemu/{vmid}/config',
    '/pools/{poolid}',
    '/access/users/{userid}',
    '/nodes/{node}/storage/{storage}/content/{volume}',
  ] as const;

  test.each(routes)('of GET %s', (template) => {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom('..', '../x', 'a/status', 'a%2fstatus', 'a?b=c', 'a#b', 'pve1\n', 'a;b', '100/config'),
    );
    fc.assert(
      fc.property(fc.tuple(...names.map(() => nasty)), (values) => {
        const params = Object.fromEntries(names.map((name, i) => [name, values[i]]));
        const request = attempt(() => requestOf('GET', template, params));
        if (request !== undefined) expect(matchRoute('GET', request.path)?.id).toBe(`GET ${template}`);
      }),
    );
  });

  test('of a path that a person typed', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const request = attempt(() => requestAt('GET', path, {}));
        if (request !== undefined) expect(matchRoute('GET', request.path)?.id).toBe(request.routeId);
      }),
    );
  });
});

/** The request, or undefined where it is refused in the way that it may be refused. */
function attempt(build: () => Request): Request | undefined {
  try {
    return build();
  } catch (error) {
    if (error instanceof ValueRefused || error instanceof NotInFacts) return undefined;
    throw error;
  }
}

const CALL: WriteCall = { method: 'POST', path: '/nodes/a/qemu/100/clone', params: { newid: 106, full: true } };
const same = (other: Partial<WriteCall>): boolean => hashOf({ ...CALL, ...other }).equals(hashOf(CALL));

test.each([
  ['itself', {}, true],
  ['its parameters in another order', { params: { full: true, newid: 106 } }, true],
  ['values of another type', { params: { newid: '106', full: 1 } }, true],
  ['an absent parameter', { params: { newid: 106, full: true, name: undefined } }, true],
  ['another value', { params: { newid: 107, full: true } }, false],
  ['a further parameter', { params: { newid: 106, full: true, name: 'x' } }, false],
  ['an empty parameter', { params: { newid: 106, full: true, name: '' } }, false],
  ['a list for a text', { params: { newid: ['106'], full: true } }, false],
  ['another method', { method: 'PUT' as const }, false],
  ['another path', { path: '/nodes/b/qemu/100/clone' }, false],
])("a call's hash and that of %s", (_name, other, equal) => {
  expect(same(other)).toBe(equal);
});

test('what Proxmox reads of a form is what was written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (params) => {
      const form = encodeForm(params);
      const read = form
        .split(/[&;]/)
        .filter((pair) => pair !== '')
        .map((pair) => pair.split('=').map(decodeURIComponent));
      expect(Object.fromEntries(read)).toEqual({ ...params });
    }),
  );
  expect(encodeForm({ command: ['ls', '-l'], x: null })).toBe('command=ls&command=-l');
  expect(() => encodeForm({ x: {} })).toThrow(TypeError);
});
