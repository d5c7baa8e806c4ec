import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Permit, PermitRefused, type WriteCall, hashOf, mintPermit } from './permit.ts';

const START: WriteCall = { method: 'POST', path: '/nodes/pve1/qemu/104/status/start', params: { timeout: 30 } };

const use = (permit: unknown, call: WriteCall = START, realm: 'cluster' | 'twin' = 'cluster') => {
  Permit.use(permit, call, realm);
  return 'used';
};

/** Calls that a permit for START is none for. */
const OTHERS: [what: string, call: WriteCall][] = [
  ['another method', { ...START, method: 'PUT' }],
  ['another guest', { ...START, path: '/nodes/pve1/qemu/105/status/start' }],
  ['another value', { ...START, params: { timeout: 31 } }],
  ['one parameter more', { ...START, params: { timeout: 30, skiplock: 1 } }],
  ['one parameter less', { ...START, params: {} }],
];

describe('a permit', () => {
  test('is good for its call, once', () => {
    const permit = mintPermit(START, 'cluster');
    expect(use(permit)).toBe('used');
    expect(() => use(permit)).toThrow(new PermitRefused('the permit has been used'));
  });

  test.each(OTHERS)('is not good for %s, and stays as it was', (_, call) => {
    const permit = mintPermit(START, 'cluster');
    expect(() => use(permit, call)).toThrow(new PermitRefused('the permit is for another call'));
    expect(use(permit)).toBe('used');
  });

  test('holds in its own realm alone', () => {
    const permit = mintPermit(START, 'twin');
    expect(() => use(permit)).toThrow(new PermitRefused('the permit holds on a twin only'));
    expect(use(permit, START, 'twin')).toBe('used');
    expect(() => use(mintPermit(START, 'cluster'), START, 'twin')).toThrow('the permit holds on a cluster only');
  });

  test('is looked at without being used', () => {
    const permit = mintPermit(START, 'cluster');
    Permit.check(permit, START, 'cluster');
    Permit.check(permit, START, 'cluster');
    expect(use(permit)).toBe('used');
    expect(() => Permit.check(permit, START, 'cluster')).toThrow('the permit has been used');
  });

  test('shows whether it was used, and nothing else', () => {
    const permit = mintPermit(START, 'cluster');
    expect(inspect(permit)).toBe('[permit]');
    use(permit);
    expect(inspect(permit)).toBe('[permit, used]');
    expect(Object.isFrozen(permit)).toBe(true);
  });
});

const forged = mintPermit(START, 'cluster');

/** What passes for no permit, whoever made it. */
const FORGERIES: [what: string, permit: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'permit'],
  ['a function', () => forged],
  ['an object of the same prototype', Object.create(Permit.prototype)],
  ['a copy', { ...forged }],
  ['a proxy of one', new Proxy(forged, {})],
];

test.each(FORGERIES)('%s is no permit', (_, permit) => {
  expect(() => use(permit)).toThrow(new PermitRefused('what was given is not a permit'));
});

test('nobody constructs one without the key, which is in no other hands', () => {
  class Own extends Permit {}
  for (const Kind of [Permit, Own]) {
    expect(() => new Kind(Symbol('mint'), START, 'cluster')).toThrow(
      new PermitRefused('a permit can only be minted from an approval'),
    );
  }
});

describe('the hash of a call is that of what goes onto the wire:', () => {
  const same: [Record<string, unknown>, Record<string, unknown>][] = [
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ force: true }, { force: 1 }],
    [{ newid: 106 }, { newid: '106' }],
    [{ a: 1, b: undefined }, { a: 1 }],
  ];
  test.each(same)('%j is %j', (a, b) => {
    expect(hashOf({ ...START, params: a })).toEqual(hashOf({ ...START, params: b }));
  });

  const other: [Record<string, unknown>, Record<string, unknown>][] = [
    [{ a: 1 }, { a: 2 }],
    [
      { a: 'b', c: 'd' },
      { a: 'd', c: 'b' },
    ],
    [{ force: false }, {}],
    [{ ids: ['1', '2'] }, { ids: '1,2' }],
  ];
  test.each(other)('%j is not %j', (a, b) => {
    expect(hashOf({ ...START, params: a })).not.toEqual(hashOf({ ...START, params: b }));
  });
});
