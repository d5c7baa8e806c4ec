import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EVENTS } from './types.ts';

test('the page about webhooks names every event, with its scope and what it says', () => {
  const page = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
  const rows = page.split('\n').flatMap((line) => {
    const [, type, scope, says] = /^\| `([\w.]+)`\s*\| `([\w:]+)`\s*\| (.*?)\s*\|$/.exec(line) ?? [];
    return type === undefined ? [] : [[type, { scope, says }]];
  });
  expect(Object.fromEntries(rows)).toEqual(EVENTS);
});
