import { expect, test } from 'vitest';
import { tokens } from './tokens.ts';
import { Trie } from './trie.ts';

/** What a trie of these patterns, each meaning its number, finds at the beginning of a text: meanings and their ends. */
function found(patterns: readonly string[], text: string): string[] {
  const trie = new Trie<number>();
  patterns.forEach((pattern, number) => trie.add(pattern, number));
  return trie.at(tokens(text), 0).map(({ senses, end }) => `${senses.join(',')} to ${end}`);
}

test.each<[patterns: string[], text: string, finds: string[]]>([
  [['big disk'], 'big disks', ['0 to 2']],
  [['big', 'big disk'], 'big disk of', ['0 to 1', '1 to 2']],
  [['disk', 'volume|disk'], 'disk', ['0,1 to 1']],
  [['(a|an)? (big|large) disk'], 'large disk', ['0 to 2']],
  [['(a|an)? (big|large) disk'], 'a large disk', ['0 to 3']],
  [['(a|an)? (big|large) disk'], 'a disk', []],
  [['(really)? (very)? big'], 'very big', ['0 to 2']],
  [['cloud init'], 'cloud-init', ['0 to 1']],
  [['(by)? (a)? job'], 'by any job', ['0 to 3']],
  [['share'], 'ha', []],
  [['a|b (c|d (e)?)?'], 'b d e', ['0 to 1', '0 to 2', '0 to 3']],
])('%j in "%s"', (patterns, text, finds) => {
  expect(found(patterns, text)).toEqual(finds);
});

test('what is added after a look-up is found, behind what was there', () => {
  const trie = new Trie<string>();
  trie.add('disk', 'first');
  expect(trie.at(tokens('disk'), 0)).toEqual([{ senses: ['first'], end: 1 }]);
  trie.add('volume|disk', 'second');
  expect(trie.at(tokens('disk'), 0)).toEqual([{ senses: ['first', 'second'], end: 1 }]);
});

test('the words are the stems of all patterns', () => {
  const trie = new Trie<number>();
  trie.add('(big|large)? disks', 0);
  expect([...trie.words()].sort()).toEqual(['big', 'disk', 'large']);
});

test('a pattern that lacks a parenthesis is refused', () => {
  expect(() => new Trie<number>().add('(a|b', 0)).toThrow('lacks a parenthesis');
});
