import { expect, test } from 'vitest';
import { checkLinks, type Targets } from './check-links.ts';

const files: Record<string, string> = {
  'README.md': '# Top',
  'docs/guide.md': '# First steps\n## Why *two* roads?\n## Why *two* roads?\n```\n# not a heading\n```',
  'docs/pictures': '',
};
const targets: Targets = {
  exists: (path) => path in files,
  read: (path) => files[path] ?? '',
  scripts: new Set(['check', 'test']),
  topFolders: ['docs', 'packages', '.ci'],
};

const cases: [path: string, text: string, says?: string][] = [
  ['README.md', '[guide](docs/guide.md)'],
  ['README.md', '[guide](docs/guide.md#first-steps)'],
  ['README.md', '[guide](docs/guide.md#why-two-roads-1)'],
  ['README.md', '[guide](docs/guide.md#not-a-heading)', 'no such heading'],
  ['README.md', '[guide](docs/gone.md)', 'docs/gone.md does not exist'],
  ['README.md', '![picture](docs/pictures/gone.svg)', 'does not exist'],
  ['docs/guide.md', '[top](../README.md)'],
  ['docs/guide.md', '[out](../../README.md)', 'leaves the project'],
  ['README.md', '[here](#here)\n# Here'],
  ['README.md', '[web](https://example.org/x)'],
  ['README.md', '`[no](link.md)`'],
  ['README.md', 'see `docs/guide.md`'],
  ['README.md', 'see `packages/gone.ts`', 'packages/gone.ts does not exist'],
  ['README.md', 'in packages/new:\n```ts packages/new/a.ts\nx\n```'],
  ['README.md', '```ts packages/new/a.ts\n// see packages/gone.ts\n```', 'packages/gone.ts does not exist'],
  ['README.md', 'run `.ci/gone`', '.ci/gone does not exist'],
  ['README.md', 'the path /nodes/docs/x and a-docs/x'],
  ['README.md', '`npm run check && npm test`'],
  ['README.md', '`npm run gone`', 'no script gone'],
  ['README.md', '`npm ci`'],
];

test.each(cases)('%s: %s', (path, text, says) => {
  const found = checkLinks(path, text, targets);
  if (says === undefined) expect(found).toEqual([]);
  else expect(found.map((one) => one.says)).toContainEqual(expect.stringContaining(says));
});
