import { describe, expect, test } from 'vitest';
import { runPxa } from '../in-process.ts';

const cases: [words: string[], some: string[]][] = [
  [['conn'], ['connect', 'connections']],
  [['--san'], ['--sandbox']],
  [['get', '/clu'], ['/cluster']],
  [['get', '/nodes/pve1/qemu/100/status/'], ['/nodes/pve1/qemu/100/status/current']],
  [['get', '/nodes/pve1/zzz/'], []],
  [['--connection', 'x', 'get', '/ver'], ['/version']],
  [['connections', 're'], ['remove']],
  [
    ['--pve', ''],
    ['8.4', '9.2'],
  ],
  [['completion', 'f'], ['fish']],
  [['ask', 'sho'], []],
  [['--world', ''], []],
];

describe('what a word can become', () => {
  test.each(cases)('%j', async (words, some) => {
    const { stdout, code } = await runPxa(['__complete', '--', ...words]);
    expect({ code, words: stdout.split('\n').filter((line) => line !== '') }).toEqual({ code: 0, words: some });
  });
});

test.each(['bash', 'zsh', 'fish'])('there is a script for %s', async (shell) => {
  const { stdout, code } = await runPxa(['completion', shell]);
  expect({ code, calls: stdout.includes('pxa __complete') }).toEqual({ code: 0, calls: true });
});
