import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Somebody, Standing } from './standing.ts';

let here: Standing;
let anna: Somebody;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
  anna = here.person();
});
afterAll(() => here.sandbox.close());

interface Case {
  argv: string[];
  code: number;
  /** In what stands on both outputs together. */
  says: RegExp;
}

const start = '/nodes/pve-node01/qemu/104/status/start';
const cases: Case[] = [
  { argv: [], code: 2, says: /missing required argument 'method'/ },
  { argv: ['POST'], code: 2, says: /missing required argument 'path'/ },
  { argv: ['GET', '/version'], code: 2, says: /GET reads\.\npxa get \/version/ },
  { argv: ['PATCH', '/version'], code: 3, says: /./ },
  { argv: ['POST', '/no/such/path'], code: 3, says: /Nothing was changed[^]*\/no\/such\/path/ },
  { argv: ['POST', '/version'], code: 3, says: /Nothing was changed/ },
  { argv: ['POST', start, 'timeout=soon'], code: 3, says: /Nothing was changed[^]*timeout/ },
  { argv: ['POST', start, 'frobnicate=1'], code: 3, says: /Nothing was changed[^]*frobnicate/ },
  { argv: ['POST', '/pools'], code: 3, says: /Nothing was changed[^]*poolid/ },
  { argv: ['POST', '/pools', 'hunter2'], code: 2, says: /A parameter is no key=value\.\nExample: pxa pve POST/ },
  { argv: ['POST', '/pools', 'poolid=a', 'poolid=b'], code: 2, says: /poolid is given twice/ },
  {
    argv: ['post', '/pools', 'poolid=blue', 'comment=a=b c'],
    code: 0,
    says: /POST \/pools {2}poolid=blue comment='a=b c'/,
  },
];

test.each(cases)('pxa pve $argv', async ({ argv, code, says }) => {
  const ran = await anna.run(['pve', ...argv]);
  expect(ran).toMatchObject({ code });
  expect(ran.stdout + ran.stderr).toMatch(says);
  expect(ran.stdout + ran.stderr).not.toMatch(/hunter2/);
});

test('is approved and carried out like any other plan', async () => {
  const { stdout } = await anna.run(['pve', 'POST', '/pools', 'poolid=green']);
  const [, plan = ''] = /^Plan (plan_\w+)/.exec(stdout) ?? [];
  expect(await anna.run(['approve', plan])).toMatchObject({ code: 0, stdout: expect.stringMatching(/\[OK\] Done/) });
  expect((await anna.run(['get', '/pools'])).stdout).toContain('green');
});
