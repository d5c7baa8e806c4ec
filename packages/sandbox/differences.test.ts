import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differencesText } from './differences.ts';
import { modelled } from './registry.ts';

it('DIFFERENCES.md tells what the table of behaviours tells', () => {
  const written = readFileSync(new URL('./DIFFERENCES.md', import.meta.url), 'utf8');
  expect(written, 'run `npm run generate`').toBe(differencesText(modelled()));
});
