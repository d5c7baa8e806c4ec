import { datasets } from '@pxa/catalog';
import type { Command, OpenOrder, Query } from '@pxa/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Language } from '../understand.ts';
import { testActions } from './testing/actions.ts';
import { meaningLine } from './testing/line.ts';
import { testInventory } from './testing/names.ts';
import { type SaidValue, sayInput, sayTemplate, sayValue } from './testing/say.ts';
import { conversations, orders } from './testing/sentences.ts';
import type { Conversation } from '../said-before.ts';

const language = new Language([...datasets.values()], testActions);

/** What the last sentence of a conversation means, each remembered as the assistant does before the next is said. */
function lastMeaning(says: readonly string[], ids: readonly string[]): string {
  let conversation: Conversation = {};
  let line = '';
  for (const say of says) {
    const meaning = language.understand(say, conversation, testInventory);
    line = meaningLine(meaning);
    if (meaning.kind === 'query') conversation = { query: meaning.query, ids };
    else if (meaning.kind === 'command') conversation = { ...conversation, order: openOrderOf(meaning.command) };
    else if (meaning.kind === 'clarification' && meaning.order)
      conversation = { ...conversation, order: meaning.order };
  }
  return line;
}

/** As the assistant remembers an order that it made a plan of. */
function openOrderOf({ action, targets, selection, input }: Command): OpenOrder {
  // The language's own selections are queries.
  return { action, targets, input, ...(selection === undefined ? {} : { selection: selection as Query }) };
}

describe('orders', () => {
  it.each(orders)('%s', (say, means) => expect(lastMeaning([say], [])).toBe(means));
});

describe('orders in a conversation', () => {
  it.each(conversations)('%s', (says, means, ids) => expect(lastMeaning(says.split(' / '), ids)).toBe(means));
});

describe('properties', () => {
  const words = [
    ...new Set(testActions.flatMap(({ say }) => say.join(' ').match(/[a-z]+/g) ?? [])),
    'web-01', '101', 'it', 'all', 'VMs', ',', 'and', 'then', '8', 'GB', 'the', 'frobnicate', '"quoted text"', 'pve-node02', 'daily', 'tagged',
  ]; // prettier-ignore

  it('any words have a meaning', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 60 }), (said) => {
        const started = performance.now();
        const meaning = language.understand(said.join(' '), {}, testInventory);
        return meaning.kind !== undefined && performance.now() - started < 5_000;
      }),
      { numRuns: 300 },
    );
  });

  it('a sentence made of a template means that order, with what was said in it', () => {
    fc.assert(
      fc.property(fc.nat(), fc.infiniteStream(fc.nat(60)), (which, numbers) => {
        const choose = (count: number): number => (numbers.next().value ?? 0) % Math.max(count, 1);
        const action = testActions[which % testActions.length] ?? fail();
        const declared = (name: string): SaidValue => sayValue(action.input[name] ?? fail(), choose);
        const template = action.say[choose(action.say.length)] ?? fail();
        const order = sayTemplate(template, choose, declared, () => sayTarget(action.on?.dataset ?? 'guests', choose));
        const input = new Map([...order.input].map(([name, { value }]) => [name, value]));
        const more: string[] = [];
        for (const [name, each] of Object.entries(action.input)) {
          if (each.say.length === 0 || input.has(name) || choose(2) === 0) continue;
          const said = sayInput(each, choose);
          more.push(said.text);
          input.set(name, said.value);
        }
        const text = [order.text, ...more].join(choose(2) === 0 ? ' and ' : ', ');
        const meaning = language.understand(text, {}, testInventory);
        const asked = Object.entries(action.input).some(([name, { ask }]) => ask !== undefined && !input.has(name));
        const given =
          meaning.kind === 'command'
            ? { action: meaning.command.action, targets: meaning.command.targets, input: meaning.command.input }
            : meaning;
        if (asked) expect({ text, kind: meaning.kind }).toEqual({ text, kind: 'clarification' });
        else
          expect({ text, ...given }).toEqual({
            text,
            action: action.id,
            targets: order.on?.value ?? [],
            input: Object.fromEntries(input),
          });
      }),
      { numRuns: 1_000 },
    );
  });

  it('two orders in one sentence are both meant, or asked about', () => {
    const plain = orders.filter(([, means]) => !/^(\?|query|unavailable|out_of)/.test(means));
    const joints = [' and ', ', then ', '. ', '; ', ', ', ' and also '];
    const each = fc.constantFrom(...plain);
    fc.assert(
      fc.property(each, each, fc.constantFrom(...joints), ([first, one], [second, other], joint) => {
        const text = `${first}${joint}${second}`;
        const line = meaningLine(language.understand(text, {}, testInventory));
        if (!line.startsWith('?'))
          expect({ text, means: joinedLine(line) }).toEqual({ text, means: joinedLine(`${one}; ${other}`) });
      }),
      { numRuns: 60 },
    );
  });

  it('a word that says nothing to an order is asked about', () => {
    const strangers = ['frobnicate', 'sideways', 'zqx-17', 'blue', '"quoted"'];
    fc.assert(
      fc.property(
        fc.constantFrom(...orders.filter(([, means]) => !means.startsWith('?'))),
        fc.constantFrom(...strangers),
        fc.nat(),
        ([say], stranger, place) => {
          const list = say.split(' ');
          if (/"|notes|tag|tagged|named|called|rename|rated/.test(say)) return;
          const at = 1 + (place % list.length);
          // "create a VM zqx-17" names it.
          if (stranger === 'zqx-17' && /^(vm|container|ct)$/i.test(list[at - 1] ?? '')) return;
          const text = [...list.slice(0, at), stranger, ...list.slice(at)].join(' ');
          const meaning = language.understand(text, {}, testInventory);
          expect({ text, kind: meaning.kind }).not.toEqual({ text, kind: 'command' });
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Orders in a line, the same of several things in a row as one. */
function joinedLine(line: string): string {
  const isTarget = (word: string): boolean => /^(qemu|lxc|node)\/[\w-]+$/.test(word);
  const list: { targets: string[]; rest: string }[] = [];
  for (const words of line.split('; ').map((each) => each.split(' '))) {
    const targets = words.filter(isTarget);
    const rest = words.filter((word) => !isTarget(word)).join(' ');
    const last = list.at(-1);
    const isSame = last?.rest === rest && targets.length > 0 && last.targets.length > 0;
    if (isSame) last.targets = [...new Set([...last.targets, ...targets])];
    else list.push({ targets, rest });
  }
  return list.map(({ targets, rest }) => [rest, ...targets].join(' ')).join('; ');
}

function sayTarget(dataset: string, choose: (count: number) => number): SaidValue {
  const list: readonly SaidValue[] =
    dataset === 'nodes'
      ? [
          { text: 'pve-node01', value: ['node/pve-node01'] },
          { text: 'nodes pve-node01 and pve-node02', value: ['node/pve-node01', 'node/pve-node02'] },
        ]
      : [
          { text: 'web-01', value: ['qemu/101'] },
          { text: 'VM 104', value: ['qemu/104'] },
          { text: 'the guests 101, 102 and db-primary', value: ['qemu/101', 'qemu/102', 'qemu/103'] },
          { text: '101-103', value: ['qemu/101', 'qemu/102', 'qemu/103'] },
        ];
  return list[choose(list.length)] ?? fail();
}

function fail(): never {
  throw new Error('nothing to choose from');
}
