import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@pxa/sandbox';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ran } from './in-process.ts';
import { newHome, runPxa } from './in-process.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ clock: new SandboxClock(Date.UTC(2026, 1, 23, 10), 0) });
});
afterAll(() => sandbox.close());

function ask(settings: string | undefined): Promise<Ran> {
  const home = newHome();
  if (settings !== undefined) {
    mkdirSync(join(home, '.config/pxa'), { recursive: true });
    writeFileSync(join(home, '.config/pxa/settings.json'), settings);
  }
  const env = {
    HOME: home,
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: sandbox.tokenId,
    PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
  };
  return runPxa(['ask', 'how are my nodes doing on resources?'], { env });
}

const memoryFindings = ({ stdout }: Ran): number =>
  stdout.split('\n').filter((line) => /\] .* RAM at /.test(line)).length;

test('without a file the usual thresholds hold', async () => {
  expect(memoryFindings(await ask(undefined))).toBe(1);
});

const obeyed: [settings: string, findings: number][] = [
  ['{}', 1],
  ['{"thresholds": {"memory": 0.5}}', 3],
  ['{"thresholds": {"memory": 0.95}}', 0],
];
test.each(obeyed)('%s', async (settings, findings) => {
  expect(memoryFindings(await ask(settings))).toBe(findings);
});

const refused: [settings: string, says: RegExp][] = [
  ['{', /settings\.json is not a JSON object/],
  ['[]', /settings\.json is not a JSON object/],
  ['{"treshold": {}}', /there is no setting "treshold"/],
  ['{"thresholds": 1}', /"thresholds" is not an object/],
  ['{"thresholds": {"memry": 0.5}}', /there is no threshold "memry"[\s\S]*memory/],
  ['{"thresholds": {"memory": 85}}', /"memory" is 85[\s\S]*0\.85 is 85%/],
  ['{"approvals": {"minutes": 2000}}', /"minutes" is 2000[\s\S]*a day/],
  ['{"approvals": {"needed": {"terrible": 2}}}', /there is no risk "terrible"/],
  ['{"approvals": {"tags": {"production": 0}}}', /"tags\.production" is 0/],
  ['{"approvals": {"approvers": []}}', /there is no setting "approvals\.approvers"/],
  ['{"approvals": {"requesterMay": "no"}}', /"requesterMay" is neither/],
  ['{"thresholds": {"snapshotDays": "14"}}', /"snapshotDays" is "14"/],
];
test.each(refused)('refused: %s', async (settings, says) => {
  const ran = await ask(settings);
  expect(ran.stderr).toMatch(says);
  expect(ran.code).toBe(2);
});
