import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '@pxa/assistant/store';
import { describe, expect, test } from 'vitest';
import { storeFile } from './changes/options.ts';
import { newHome, runPxa } from './in-process.ts';
import { usedHome } from './used-home.ts';

describe('pxa store', () => {
  test('carries everything to another home', async () => {
    const { HOME, file } = await usedHome();
    const out = await runPxa(['store', 'export', file], { env: { HOME } });
    expect([out.code, out.stderr]).toEqual([0, '']);
    expect(out.stdout).toMatch(/3 rows exported/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = newHome();
    const back = await runPxa(['store', 'import', file, '--json'], { env: { HOME: other } });
    expect(JSON.parse(back.stdout)).toMatchObject({ store: 'sqlite', counts: { audit: 1 }, sealed: 0, key: null });
    const verified = JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '') as unknown;
    const store = await openStore({ kind: 'sqlite', file: storeFile({ HOME: other }) }, { now: () => 0 });
    expect(verified).toMatchObject({ audit: await store.auditHead() });
    await store.close();
  });

  test.each([
    ['an import into a store that is used', (file: string) => ['import', file], /holds something already/],
    ['an export over a file that is there', (file: string) => ['export', file], /is there already/],
    ['a file that is not there', (file: string) => ['import', `${file}.none`], /export\.jsonl\.none: /],
    ['a folder that is not there', (file: string) => ['export', join(file, 'a')], /./],
    ['another word', (file: string) => ['burn', file], /knows no "burn"/],
  ])('refuses %s, and leaves no file behind', async (_, args, says) => {
    const { HOME, file } = await usedHome();
    writeFileSync(file, '');
    const ran = await runPxa(['store', ...args(file)], { env: { HOME } });
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toMatch(/PXA_DEBUG/);
  });
});
