import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileText, kept } from '../testing/texts.ts';
import { readYaml } from '../validate/yaml-read.ts';
import { commented, template, type Yaml } from './nodes.ts';
import { printYaml } from './print.ts';

function readBack(value: Yaml, reader: 'plain' | 'ansible'): { value: unknown; unsafe: ReadonlySet<string> } {
  const read = readYaml(printYaml(value, reader));
  if (!read.ok) throw new Error(read.why);
  expect(read.documents).toHaveLength(1);
  return { value: read.documents[0], unsafe: read.unsafe };
}

describe('whatever text comes in', () => {
  const text = hostileText.map(kept);

  test('values, keys and items are exactly it', () =>
    fc.assert(
      fc.property(text, text, (one, two) => {
        const value = { [`k${one}`]: two, list: [one, [two, one], { inner: { deep: one } }], last: 1 };
        expect(readBack(value, 'plain').value).toEqual(value);
        expect(readBack(value, 'ansible').value).toEqual(value);
      }),
      { numRuns: 500 },
    ));

  test('Ansible is told not to read its braces', () =>
    fc.assert(
      fc.property(text, (said) => {
        const { unsafe } = readBack([{ a: said }, [said], said], 'ansible');
        if (/\{[{%#]/.test(said)) expect(unsafe).toContain(said);
      }),
      { numRuns: 300 },
    ));

  test('a comment is nothing else', () =>
    fc.assert(
      fc.property(hostileText, (said) => {
        expect(readBack({ a: commented(said, { b: 1 }) }, 'plain').value).toEqual({ a: { b: 1 } });
      }),
    ));
});

test('our own templates are read, and it is laid out as people write it', () => {
  const book = [
    {
      name: 'Make it',
      on: template('{{ host }}'),
      run: [['ls', '-l'], ['a b']],
      text: 'one\ntwo\n',
      none: [],
      is: 'yes',
    },
  ];
  expect(printYaml(book, 'ansible')).toBe(`- name: Make it
  "on": "{{ host }}"
  run:
    - [ls, -l]
    - [a b]
  text: |
    one
    two
  none: []
  is: "yes"
`);
});
