import { isDeepStrictEqual } from 'node:util';
import { type Action, actions } from '@pxa/catalog';
import { describe, expect, it } from 'vitest';
import { Compiled } from './compiled.ts';
import { beginningOf, firstWords, parseTemplate, type Part } from './template.ts';

/** The inputs that a row of parts names. */
function slotsOf(row: readonly Part[]): string[] {
  return row.flatMap((part) =>
    part.t === 'slot' ? [part.input] : part.t === 'either' ? part.of.flatMap((each) => slotsOf(each)) : [],
  );
}

/** What is wrong with the templates of an action. */
function wrongs(action: Action): string[] {
  const wrong: string[] = [];
  const named = action.say.flatMap((template) => parseTemplate(template).flatMap(slotsOf));
  const lacking = named.filter((name) => !(name in action.input));
  if (lacking.length > 0) wrong.push(`no such input: ${lacking.join(', ')}`);
  const isCut = (template: string): boolean =>
    !isDeepStrictEqual(firstWords(parseTemplate(beginningOf(template))), firstWords(parseTemplate(template)));
  wrong.push(...action.say.filter(isCut).map((template) => `“${template}” begins with other words when it is cut`));
  if (new Compiled(action).firstWords().has(undefined)) wrong.push('a template begins with no word');
  for (const [name, { say, no = [], kind, byPrograms = false }] of Object.entries(action.input)) {
    const others = [...say, ...no].flatMap((template) => parseTemplate(template).flatMap(slotsOf));
    if (others.some((slot) => slot !== '')) wrong.push(`a wording of ${name} names another input`);
    const isSayable = say.length > 0 || named.includes(name);
    if (isSayable === byPrograms) wrong.push(isSayable ? `${name} is said, too` : `${name} can never be said`);
    const isSaid = say.every((template) => parseTemplate(template).every((row) => slotsOf(row).length > 0));
    if (kind !== 'flag' && !isSaid) wrong.push(`a wording of ${name} has no place for its value`);
  }
  return wrong;
}

describe('templates of the catalogue', () => {
  // Some are only asked for by programs.
  const said = [...actions.values()].filter(({ say }) => say.length > 0);
  it.each(said.map((action) => [action.id, action] as const))('%s', (_, action) => {
    expect(wrongs(action)).toEqual([]);
  });
});

it.each([
  ['create [a] [new] VM {name}', 'create'],
  ['[please] (start|boot up) {on} now', '[please] (start|boot up) {on}'],
  ['[now] {*} start it', '[now] {*} start'],
  ['start {on} | {on} start', 'start {on} | {on} start'],
  ['(a|b (c|d))[e] f g', '(a|b (c|d))[e] f'],
  ['[a] [b]', '[a] [b]'],
])('of “%s”, its first words depend on “%s”', (template, beginning) => {
  expect(beginningOf(template)).toBe(beginning);
});
