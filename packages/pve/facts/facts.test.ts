import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allRoutes, fillPath, matchRoute, routeFacts } from './index.ts';
import type { Schema } from './index.ts';
import { checkFormat, isFormat } from './formats/index.ts';
import { FormatError } from './formats/refuse.ts';
import { perlMatches } from './perl.ts';

/** Every schema that parameters are checked by, those of property strings included. */
function parameterSchemas(): Schema[] {
  const found = new Set<Schema>();
  const visit = (schema: Schema): void => {
    if (found.has(schema)) return;
    found.add(schema);
    const { format } = schema;
    const inner = typeof format === 'object' ? Object.values(format.properties) : [];
    const parts = [schema.items, ...(schema.oneOf ?? []), ...Object.values(schema.properties ?? {}), ...inner];
    for (const part of parts) if (part) visit(part);
  };
  for (const id of allRoutes()) {
    const { parameters } = routeFacts(id);
    for (const part of [parameters, ...(parameters.allOf ?? [])]) visit(part);
  }
  return [...found];
}

const schemas = parameterSchemas();
const formats = [...new Set(schemas.flatMap(({ format }) => (typeof format === 'string' ? [format] : [])))];
const patterns = [...new Set(schemas.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern])))];

describe('the facts', () => {
  test('every route is found again by its path', () => {
    const lost = allRoutes().filter((id) => {
      const { method, path } = routeFacts(id);
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
      const params = Object.fromEntries(names.map((name) => [name, 'x-1']));
      return matchRoute(method, fillPath(path, params))?.id !== id;
    });
    expect(lost).toEqual([]);
  });

  test('every format has its check', () => {
    expect(formats.filter((name) => !isFormat(name))).toEqual([]);
  });

  const matches: [method: string, path: string, id: string | undefined, params?: Record<string, string>][] = [
    ['GET', '/nodes/a/qemu/100/config', 'GET /nodes/{node}/qemu/{vmid}/config', { node: 'a', vmid: '100' }],
    ['GET', '//nodes//a/', 'GET /nodes/{node}', { node: 'a' }],
    ['GET', '/nodes/a%2Fqemu', 'GET /nodes/{node}/qemu', { node: 'a' }],
    ['GET', '/nodes/a b/qemu', undefined],
    ['GET', '/nodes/a/nothing', undefined],
    ['PATCH', '/nodes', undefined],
    [
      'DELETE',
      '/nodes/a/storage/s/content/local:iso/x.iso',
      'DELETE /nodes/{node}/storage/{storage}/content/{volume}',
      { node: 'a', storage: 's', volume: 'local:iso/x.iso' },
    ],
    [
      'PUT',
      '/nodes/a/qemu/100/firewall/ipset/set/10.0.0.0%2F8',
      'PUT /nodes/{node}/qemu/{vmid}/firewall/ipset/{name}/{cidr}',
      { node: 'a', vmid: '100', name: 'set', cidr: '10.0.0.0/8' },
    ],
    ['GET', '/cluster/firewall/ipset/set', 'GET /cluster/firewall/ipset/{name}', { name: 'set' }],
  ];
  test.each(matches)('%s %s', (method, path, id, params) => {
    const match = matchRoute(method, path);
    expect(match?.id).toBe(id);
    if (params) expect(match?.pathParams).toEqual(params);
  });

  test('no path makes the search throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (path) => void matchRoute('GET', path)));
  });
});

describe('hostile values', () => {
  const units = ['a', '0', '-', '.', 'a-', 'a.', 'a;', 'A=', '/', 'a/', ':', '\n ', 'a,', '[ug', 'é', 'u:0:0:1;'];
  const values = units.flatMap((unit) => ['', '!', '\n!'].map((tail) => unit.repeat(1000) + tail));

  test('no pattern takes long on them', () => {
    for (const pattern of patterns) for (const value of values) perlMatches(pattern, value);
  });

  test('every format passes or refuses them', () => {
    for (const format of formats) for (const value of values) passesOrRefuses(format, value);
  });

  test('every format passes or refuses any text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...formats), fc.string({ unit: 'binary' }), (format, value) => {
        passesOrRefuses(format, value);
      }),
      { numRuns: 1000 },
    );
  });
});

function passesOrRefuses(format: string, value: string): void {
  try {
    checkFormat(format, value, 'key');
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toMatch(/\n$/);
  }
}
