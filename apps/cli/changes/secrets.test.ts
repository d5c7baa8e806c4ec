import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Somebody, Standing } from './standing.ts';

const SECRET = 'hunter2-Correct-Horse';
let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

/** The files under a folder that hold a text, in whatever bytes stand around it. */
function holding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}

async function everythingShown(anna: Somebody, plan: string): Promise<string> {
  const runs = [['approvals'], ['approvals', '--json'], ['approve', plan], ['jobs', '--json'], ['audit', 'export']];
  let shown = '';
  for (const argv of runs) {
    const { stdout, stderr } = await anna.run(argv);
    shown += stdout + stderr;
  }
  return shown;
}

test('a parameter that holds a secret is sent, and neither shown nor kept in the clear', async () => {
  const anna = here.person();
  const asked = await anna.run(['pve', 'POST', '/access/users', 'userid=bob@pve', `password=${SECRET}`]);
  expect(asked.stdout).toContain('userid=bob@pve password=[hidden]');
  const json = await anna.run(['pve', 'POST', '/access/users', 'userid=eve@pve', `password=${SECRET}`, '--json']);
  expect(json.stdout).not.toContain(SECRET);
  const [, plan = ''] = /^Plan (plan_\w+)/.exec(asked.stdout) ?? [];
  const shown = await everythingShown(anna, plan);
  expect(shown).toMatch(/\[OK\] Done/);
  expect(shown).not.toContain(SECRET);
  expect(holding(anna.home, SECRET)).toEqual([]);
});

const said = [
  `add the tag blue to 105, its password is "${SECRET}"`,
  `rename 105 to stack-2 with password "${SECRET}"`,
];

test.each(said)('%s: what the words say is not kept', async (words) => {
  const anna = here.person();
  const asked = await anna.run(['ask', '-q', words, '--conversation', 'one']);
  const [, plan] = /^Plan (plan_\w+)/.exec(asked.stdout) ?? [];
  if (plan !== undefined) await anna.run(['cancel', plan]);
  const { stdout } = await anna.run(['audit', 'export']);
  expect(stdout.includes(SECRET)).toBe(false);
  expect(holding(anna.home, SECRET)).toEqual([]);
});
