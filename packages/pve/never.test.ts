import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as door from './index.ts';
import * as reader from './reader.ts';

/** What never happens, as far as the sources can tell: the few ways to the wire, to permits, to clock and chance. */
const FOLDER = new URL('.', import.meta.url);

/** The client's own sources by path; not the facts, tests, or what parses values. */
const sources = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !/^(?:facts|testing|node_modules)\//.test(path),
    )
    .map((path) => [path, readFileSync(new URL(path, FOLDER), 'utf8')]),
);

const without = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

const RULES: [what: string, pattern: RegExp, only: string[]][] = [
  ['permits are minted', /\bmintPermit\b/, ['gate.ts', 'permit.ts']],
  ['a permit is used up', /Permit\.use\(/, ['transport/door.ts']],
  ['an HTTP request is made', /\bexchange\(/, ['transport/exchange.ts', 'transport/network.ts']],
  ['requests are handed on', /#?carrier\.(?:read|alone)\(/, ['transport/door.ts']],
  ['a network is reached', /new Network\(/, ['cluster.ts']],
  ['node:https is used', /^(?!import type).*from 'node:https'/m, ['transport/agent.ts', 'transport/exchange.ts']],
  ['node:tls is used', /^(?!import type).*from 'node:tls'/m, ['transport/connect.ts']],
  ['certificates are judged by us', /rejectUnauthorized/, ['transport/connect.ts']],
  ['a login is posted', /\.login\(/, ['connection.ts']],
  ['the real clock is read', /Date\.now|performance\.|new Date\(\)/, ['cluster.ts']],
  ['real chance comes in', /Math\.random|randomUUID|randomBytes/, ['cluster.ts']],
  ['a secret is revealed', /\.reveal\(\)/, ['auth.ts', 'secret.ts', 'ticket.ts']],
  ['something is printed', /console\.|process\.std/, []],
];

test.each(RULES)('only there %s: %s', (_what, pattern, only) => {
  const places = [...sources].filter(([, text]) => pattern.test(without(text))).map(([path]) => path);
  expect(places.toSorted()).toEqual(only);
});

test('the doors of the reading side lead to no writer and no permit', () => {
  for (const name of [...Object.keys(door), ...Object.keys(reader)]) expect(name).not.toMatch(/writ|permit|mint/i);
});
