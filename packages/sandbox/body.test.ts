import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PveError } from './behaviour.ts';
import { parseForm, parseJson, readParams } from './body.ts';

describe('a form', () => {
  it.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1;b=2', { a: '1', b: '2' }],
    ['a=1=2', { a: '1' }],
    ['a=', { a: '' }],
    ['a', {}],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a=x+y%2Bz', { a: 'x y+z' }],
    ['%61=%3D%26%3b', { a: '=&;' }],
    ['a=%C3%A9', { a: 'é' }],
    ['a=é', { a: 'é' }],
    ['a=100%', { a: '100%' }],
    ['a=%zz', { a: '%zz' }],
    ['&&a=1&', { a: '1' }],
    ['__proto__=x', JSON.parse('{"__proto__":"x"}') as object],
  ])('%j', (text, expected) => {
    expect({ ...parseForm(text) }).toEqual({ ...expected });
    expect(Object.keys(parseForm(text))).toEqual(Object.keys(expected));
  });

  it('is never too strange to be read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseForm(text)));
  });

  it('gives back what was percent-encoded', () => {
    const encode = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
    const key = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: 'grapheme' })), (params) => {
        const text = Object.entries(params).map(([name, value]) => `${encode(name)}=${encode(value)}`);
        expect({ ...parseForm(text.join('&')) }).toEqual({ ...params });
      }),
    );
  });
});

describe('a JSON body', () => {
  it('keeps its types; null is absent', () => {
    expect({ ...parseJson('{"a":1,"b":true,"c":null,"d":["x"],"e":"1"}') }).toEqual({
      a: 1,
      b: true,
      d: ['x'],
      e: '1',
    });
  });

  it.each(['', '{', '[]', '1', '"x"', 'null', 'a=1'])('%j is refused with 501', (text) => {
    expect(() => parseJson(text)).toThrow(PveError);
  });
});

it('lets the query win over the body, and drops _dc', () => {
  expect({ ...readParams('a=1&b=2', 'form', 'b=3&_dc=4') }).toEqual({ a: '1', b: '3' });
});
