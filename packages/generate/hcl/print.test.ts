import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileText, kept } from '../testing/texts.ts';
import { codeIn, readHcl, textOf } from '../validate/hcl-read.ts';
import { block, code, comment, type Value } from './nodes.ts';
import { printHcl } from './print.ts';

/** What HashiCorp's parser reads of an attribute that holds the value. */
async function readBack(value: Value): Promise<unknown> {
  const read = await readHcl(printHcl([block('locals', [], [{ x: value, next: 1 }])]));
  if (!read.ok) throw new Error(read.why);
  const [locals] = read.module['locals'] as [Record<string, unknown>]; // blocks come as lists
  expect(Object.keys(locals).toSorted()).toEqual(['next', 'x']);
  return locals['x'];
}

const only = (value: unknown): string | undefined => (typeof value === 'string' ? textOf(value) : undefined);

describe('whatever text comes in', () => {
  test('a string holds exactly it', () =>
    fc.assert(
      fc.asyncProperty(hostileText.map(kept), async (text) => {
        expect(only(await readBack(text))).toBe(text);
      }),
      { numRuns: 400 },
    ));

  test('a list and a map hold exactly it', () =>
    fc.assert(
      fc.asyncProperty(hostileText.map(kept), async (text) => {
        const value = (await readBack([text, { object: { in: text } }])) as [string, { in: string }]; // as it was written
        expect([only(value[0]), only(value[1].in)]).toEqual([text, text]);
      }),
      { numRuns: 100 },
    ));

  test('lines between code are that text, and the code is ours', () =>
    fc.assert(
      // As JSON, the parser shows `${"$"}${x}` like the escape of `${x}`: what is right before the code ends in neither sign.
      fc.asyncProperty(
        hostileText.map(kept).filter((text) => !/[$%]$/.test(text)),
        hostileText.map(kept),
        async (before, after) => {
          const read = await readBack({ lines: [before, code('var.ours'), after] });
          const found = typeof read === 'string' ? codeIn(read) : [];
          // Lines that are not plain stand as quoted text in code of their own.
          expect(found.filter((each) => !each.trim().startsWith('"'))).toEqual(['var.ours']);
        },
      ),
      { numRuns: 300 },
    ));

  test('a comment and a label are nothing else', () =>
    fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const read = await readHcl(printHcl([comment(text), block('resource', ['t', 'l'], [comment(text), { a: 1 }])]));
        expect(read).toEqual({ ok: true, module: { resource: { t: { l: [{ a: 1 }] } } } });
      }),
      { numRuns: 100 },
    ));
});

test('it is laid out as people write it', () => {
  const text = printHcl([
    comment('why'),
    block(
      'resource',
      ['kind', 'name'],
      [
        { a: 1, longer: ['x', true] },
        block('inner', [], []),
        { map: { object: { one: 1, three: code('var.x') } }, data: 'one\ntwo\n' },
      ],
    ),
  ]);
  expect(text).toBe(`# why
resource "kind" "name" {
  a      = 1
  longer = ["x", true]

  inner {}

  map = {
    one   = 1
    three = var.x
  }
  data = <<EOT
one
two
EOT
}
`);
});
