import { expect, test } from 'vitest';
import { checkWords } from './check-words.ts';

const cases: [path: string, text: string, says?: string][] = [
  ['README.md', 'It answers questions.'],
  ['README.md', 'Done for issue #2.', 'issue #2'],
  ['README.md', 'See /work/shared/DESIGN.md', 'path of one machine'],
  ['README.md', 'the folder packages/work/x'],
  ['packages/ask/a.ts', '// TODO later', 'TODO'],
  ['packages/ask/a.ts', 'const now = Date.now();', 'handed in'],
  ['packages/ask/a.ts', 'const now = new Date();', 'handed in'],
  ['packages/ask/a.ts', 'const day = new Date(ms);'],
  ['packages/sandbox/clock.ts', 'const now = Date.now();'],
  ['packages/ask/a.test.ts', 'const began = Date.now();'],
  ['packages/ask/a.test.ts', 'const x = Math.random();', 'use a seed'],
  ['packages/ask/a.test.ts', 'test.only("x", () => {});', 'a test alone'],
  ['packages/ask/a.ts', 'const x = createRequire(import.meta.url);', 'a way round'],
  ['packages/ask/a.ts', '// as any client would, and for: any such thing'],
  ['packages/ask/a.ts', 'const x = (y: any) => y;', 'no any'],
  ['packages/ask/a.ts', 'const x = y as any;', 'no any'],
  ['packages/ask/a.ts', 'const tls = { rejectUnauthorized: false };', 'no certificate'],
  ['e2e/clients/a.py', 'ProxmoxAPI(host, verify_ssl=False)', 'no certificate'],
  ['packages/ask/a.ts', '// oxlint-disable-next-line no-console', 'needs its reason'],
  ['packages/ask/a.ts', '// oxlint-disable-next-line no-console -- the door prints'],
  ['packages/ask/a.ts', 'x\n'.repeat(301), '301 lines'],
  ['packages/ask/a.ts', 'x\n'.repeat(300)],
  ['packages/pve/facts/routes.gen.ts', 'x\n'.repeat(301)],
];

test.each(cases)('%s: %s', (path, text, says) => {
  const found = checkWords(path, text);
  if (says === undefined) expect(found).toEqual([]);
  else expect(found.map((one) => one.says)).toEqual([expect.stringContaining(says)]);
});
