import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Sandbox } from '@pxa/sandbox';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ran } from '../in-process.ts';
import { newHome, runPxa } from '../in-process.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
const TAB = '\t';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const UP = '\u001b[A';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ clock: new SandboxClock(NOW, 0) });
});
afterAll(() => sandbox.close());

/** A person at a terminal; what the screen showed, without colours and movements. */
async function atTerminal(presses: [RegExp, string][], argv: string[] = [], home = newHome(), rows = 40): Promise<Ran> {
  const env = {
    HOME: home,
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: sandbox.tokenId,
    PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
  };
  const ran = await runPxa(argv, { env, now: NOW, terminal: { columns: 100, rows, presses } });
  return { ...ran, stdout: stripVTControlCharacters(ran.stdout) };
}

const historyOf = (home: string): string => join(home, '.local/state/pxa/history');

describe('the prompt at a terminal', () => {
  test('answers, goes on with the answer before, and ends with Ctrl-D', async () => {
    const home = newHome();
    const ran = await atTerminal(
      [
        [/Ctrl-D ends\.[\s\S]*> $/, 'list all VMs on pve-node01\r'],
        [/RAM in use[\s\S]*> $/, 'which one uses the most memory?\r'],
        [/db-postgres-01[\s\S]*> $/, CTRL_D],
      ],
      [],
      home,
    );
    expect(ran.code).toBe(0);
    expect(readFileSync(historyOf(home), 'utf8')).toBe('list all VMs on pve-node01\nwhich one uses the most memory?\n');
    expect(statSync(historyOf(home)).mode & 0o777).toBe(0o600);
  });

  test('Tab completes names of the cluster, and the history comes back', async () => {
    const home = newHome();
    const ran = await atTerminal(
      [
        [/> $/, `list all VMs on pve-node02${TAB}`],
        [/pve-node02/, '\r'],
        [/k8s-worker-01[\s\S]*> $/, `show db-post${TAB}`],
        [/show db-postgres-01/, '\r'],
        [/28\.1[\s\S]*> $/, `${UP}${UP}`],
        [/list all VMs on pve-node02/, `${CTRL_C}exit\r`],
      ],
      [],
      home,
    );
    expect(ran.code).toBe(0);
  });

  test('what looks like a secret is not kept', async () => {
    const home = newHome();
    await atTerminal(
      [
        [/> $/, 'my password is hunter2\r'],
        [/> $/, ' list all nodes\r'],
        [/RAM in use[\s\S]*> $/, 'quit\r'],
      ],
      [],
      home,
    );
    expect(existsSync(historyOf(home)) ? readFileSync(historyOf(home), 'utf8') : '').not.toMatch(/hunter2|nodes/);
  });

  test('lines that arrive together are answered one after the other', async () => {
    const ran = await atTerminal([
      [/> $/, 'how many VMs are running?\rhow many nodes are there?\rhow many containers are there?\r'],
      [/8 guests[\s\S]*3 nodes[\s\S]*5 guests[\s\S]*> $/, CTRL_D],
    ]);
    expect(ran.stdout).toMatch(/> how many nodes are there\?\n/);
  });

  test('long answers are paged', async () => {
    const ran = await atTerminal(
      [
        [/> $/, 'list all VMs\r'],
        [/lines more · space/, '\r'],
        [/lines more · space/, 'q'],
        [/lines were not shown[\s\S]*> $/, CTRL_D],
      ],
      ['-q'],
      newHome(),
      6,
    );
    expect(ran.stdout).toContain('dc01-win2022');
    expect(ran.stdout).not.toContain('elastic-data-01');
  });

  test('Ctrl-C with nothing running says how to end', async () => {
    const ran = await atTerminal([
      [/> $/, CTRL_C],
      [/\(Ctrl-D ends\.\)/, CTRL_D],
    ]);
    expect(ran.code).toBe(0);
  });

  test('the number of an option takes it', async () => {
    const ran = await atTerminal([
      [/> $/, 'show db-postgres-02\r'],
      [/1\. .*[\s\S]*> $/, '1\r'],
      [/28\.1\/32 GB[\s\S]*> $|28\.1 GB[\s\S]*> $/, CTRL_D],
    ]);
    expect(ran.code).toBe(0);
  });
});

test('one question at a terminal is coloured, unless that is declined', async () => {
  const env = {
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: sandbox.tokenId,
    PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
  };
  const terminal = { columns: 100, rows: 60, presses: [] };
  const coloured = await runPxa(['ask', 'list all VMs'], { env, terminal });
  expect(coloured.stdout).toContain('\u001b[32mrunning\u001b[39m');
  const declined = [
    await runPxa(['ask', 'list all VMs', '--no-color'], { env, terminal }),
    await runPxa(['ask', 'list all VMs'], { env: { ...env, NO_COLOR: '1' }, terminal }),
    await runPxa(['ask', 'list all VMs'], { env: { ...env, TERM: 'dumb' }, terminal }),
    await runPxa(['ask', 'list all VMs'], { env }),
  ];
  for (const { stdout } of declined) expect(stdout).not.toContain('\u001b[3');
});
