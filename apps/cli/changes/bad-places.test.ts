import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newHome } from '../in-process.ts';
import { Standing } from './standing.ts';

let here: Standing;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
});
afterAll(() => here.sandbox.close());

const SECRET = ['pve', 'POST', '/access/users', 'userid=bob@pve', 'password=hunter2-Correct-Horse'];
const OPEN = ['ask', '-q', 'add the tag placed to 105'];

/** What a person must never read, however bad the place is. */
const UNFORESEEN = /went wrong inside|PXA_DEBUG|E[A-Z]{4,}:| at .*\.ts:\d+|UNIQUE|SQLITE/;

/** The writes that Proxmox has taken so far, as its tasks and guests show them. */
const changed = (): string =>
  JSON.stringify([here.sandbox.tasks.all().length, [...here.sandbox.state.guests.values()]]);

describe('a plan with a secret, and no key to seal it with', () => {
  const CASES: [name: string, env: (home: string) => Record<string, string>, says: RegExp][] = [
    [
      'a key that is too short',
      () => ({ PXA_VAULT_KEY: 'short' }),
      /neither 32 bytes .* nor a passphrase.*openssl rand/s,
    ],
    [
      'a folder that cannot be made',
      () => ({ XDG_DATA_HOME: '/proc/nowhere' }),
      /vault's key file \/proc\/nowhere\/pxa\/vault\.key cannot be read or made: no folder can be made there\. Mend that, or give the key in PXA_VAULT_KEY/,
    ],
    [
      'a folder that is a file',
      (home) => {
        writeFileSync(join(home, 'file'), '');
        return { XDG_DATA_HOME: join(home, 'file') };
      },
      /a part of its path is a file/,
    ],
    [
      'a key file that others can read',
      (home) => {
        mkdirSync(join(home, 'data/pxa'), { recursive: true });
        writeFileSync(join(home, 'data/pxa/vault.key'), `${'A'.repeat(43)}=\n`);
        chmodSync(join(home, 'data/pxa/vault.key'), 0o644);
        return { XDG_DATA_HOME: join(home, 'data') };
      },
      /can be read by others \(mode 0644\).*chmod 600/s,
    ],
  ];
  test.each(CASES)('%s: it is not kept, and what holds no secret needs no key', async (_name, envOf, says) => {
    const anna = here.person();
    const env = envOf(anna.home);
    const before = changed();
    const refused = await anna.run(SECRET, { env });
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(says);
    expect(refused.stdout + refused.stderr).not.toMatch(UNFORESEEN);
    expect((await anna.run(['approvals'], { env })).stdout).toBe('No plan has been made yet.\n');
    expect(changed()).toBe(before);
    expect(await anna.run(OPEN, { env })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Plan plan_/) });
  });

  test.each([['correct horse battery staple'], ['ab'.repeat(32)]])(
    'a key from the environment, %s: another process opens what it sealed, and one without it does not',
    async (PXA_VAULT_KEY) => {
      const anna = here.person();
      const user = `u${PXA_VAULT_KEY.length}@pve`;
      const asked = await anna.run(['pve', 'POST', '/access/users', `userid=${user}`, 'password=hunter2-Correct'], {
        env: { PXA_VAULT_KEY },
      });
      const [, plan = ''] = /^Plan (plan_\w+)/.exec(asked.stdout) ?? [];
      const without = await anna.run(['approve', plan]);
      expect(without).toMatchObject({ code: 1, stderr: expect.stringMatching(/sealed with another key than the one/) });
      const ran = await anna.run(['approve', plan], { env: { PXA_VAULT_KEY } });
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/\[OK\] Done/) });
    },
  );

  test('a key that was lost since: the plan is listed, and is not approved', async () => {
    const anna = here.person();
    const [, plan = ''] = /^Plan (plan_\w+)/.exec((await anna.run(SECRET)).stdout) ?? [];
    unlinkSync(join(anna.home, '.local/share/pxa/vault.key'));
    expect((await anna.run(['approvals'])).stdout).toContain('(it cannot be opened)');
    const ran = await anna.run(['approve', plan]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/sealed with another key than the one/) });
    expect(ran.stderr).not.toMatch(UNFORESEEN);
    expect((await anna.run(['cancel', plan])).stderr).toMatch(/sealed with another key/);
  });
});

describe('a store where none can be', () => {
  const CASES: [name: string, state: string, says: RegExp][] = [
    ['under /proc', '/proc/nowhere', /store \/proc\/nowhere\/pxa\/pxa\.db cannot be opened or written by this user/],
    ['under /sys', '/sys/nowhere/deeper', /cannot be opened or written by this user/],
    ['under a device', '/dev/null', /a part of its path is a file/],
  ];
  test.each(CASES)('%s', async (_name, state, says) => {
    const anna = here.person();
    const env = { XDG_STATE_HOME: state };
    for (const argv of [
      ['jobs'],
      ['approve', 'plan_x'],
      OPEN,
      ['audit', 'verify'],
      ['__complete', '--', 'approve', ''],
    ]) {
      const ran = await anna.run(argv, { env });
      expect(ran.stdout + ran.stderr).not.toMatch(UNFORESEEN);
      expect([argv, ran.code]).toEqual([argv, argv[0] === '__complete' ? 0 : 1]);
      if (ran.code === 1) expect(ran.stdout + ran.stderr).toMatch(says);
    }
  });

  test.each(['/proc/nowhere', '/dev/null'])(
    'a conversation that cannot be kept in %s loses no answer',
    async (state) => {
      const argv = ['ask', '-q', 'how many VMs are running?', '--conversation', 'one'];
      const ran = await here.person().run(argv, { env: { XDG_STATE_HOME: state } });
      expect(ran.stdout).toMatch(/\d/);
      expect(ran.stderr).toMatch(
        /^This conversation is not kept, .*: (?:no folder can be made there|a part of its path is a file)\.\n$/,
      );
      expect(ran.stderr).not.toMatch(UNFORESEEN);
      expect(ran.code).toBe(0);
    },
  );
});

/** Mounts a small disk, where that may be done. */
function mounted(options: string): string | undefined {
  const folder = mkdtempSync(join(newHome(), 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return undefined;
  }
}

const probe = mounted('size=64k');
if (probe === undefined)
  console.log('disks that are full or can only be read: not tested, since nothing may be mounted here');
else execFileSync('umount', [probe]);

describe.skipIf(probe === undefined)('a disk', () => {
  let disk = '';
  afterEach(() => execFileSync('umount', ['-l', disk]));
  const mount = (options: string): string => (disk = mounted(options) ?? '');

  /** Leaves no room, by a file of its own. */
  function fill(): string {
    const file = join(disk, 'filler');
    writeFileSync(file, '');
    for (let size = 1 << 20; size >= 1; size >>= 1) {
      for (;;) {
        try {
          writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
        } catch {
          break;
        }
      }
    }
    return file;
  }

  test('that is full from the beginning: nothing is planned, and a question is answered', async () => {
    const anna = here.person(mount('size=64k'));
    fill();
    for (const argv of [['jobs'], OPEN]) {
      const ran = await anna.run(argv);
      expect(ran.stdout + ran.stderr).toMatch(/disk under the store .*pxa\.db is full\. Make room there/);
      expect(ran.stdout + ran.stderr).not.toMatch(UNFORESEEN);
      expect(ran.code).toBe(1);
    }
    expect(await anna.run(['ask', 'how many VMs are running?'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('that is full when a plan is made, and when it is approved: nothing is kept by half, and later it goes on', async () => {
    const anna = here.person(mount('size=1m'));
    const plan = await anna.plan('add the tag roomy to 105');
    const filler = fill();
    const before = changed();
    const order = await anna.run(OPEN);
    expect(order).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/is full\. Make room there, then try again/),
    });
    const word = await anna.run(['approve', plan]);
    expect(word).toMatchObject({ code: 1, stderr: expect.stringMatching(/is full\. Make room there, then try again/) });
    expect(order.stdout + word.stdout + word.stderr).not.toMatch(UNFORESEEN);
    expect(changed()).toBe(before);
    unlinkSync(filler);
    expect((await anna.run(['audit', 'verify'])).stdout).toMatch(/^\[OK\] 1 record,/);
    expect(await anna.run(['approve', plan])).toMatchObject({ code: 0, stdout: expect.stringMatching(/\[OK\] Done/) });
  });

  test('that fills up in the middle of a job: nothing is sent that was not written down, and it goes on when there is room', async () => {
    const anna = here.person(mount('size=1m'));
    const plan = await anna.plan('create a new Ubuntu 22.04 VM on pve-node02, 4 cores, 8GB RAM, 80GB disk');
    let filler = '';
    const onOutput = (text: string): void => {
      if (filler === '' && /A task began: qmclone/.test(text)) filler = fill();
    };
    const ran = await anna.run(['approve', plan], { onOutput });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/disk under the store .* is full\. Make room there/);
    expect(ran.stderr).not.toMatch(UNFORESEEN);
    expect(statSync(filler).size).toBeGreaterThan(0);
    const clones = (): number => here.sandbox.tasks.all().filter(({ type }) => type === 'qmclone').length;
    const begun = clones();
    unlinkSync(filler);
    await here.clock.advance(10 * 60_000);
    const [, job = ''] = /^Job (job_\w+)/.exec(ran.stdout) ?? [];
    const followed = await anna.run(['job', job, '--follow']);
    expect(followed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Taken up again[^]*\[OK\] Done: 3 steps/),
    });
    expect(clones()).toBe(begun);
    expect((await anna.run(['audit', 'verify'])).code).toBe(0);
  });

  test('that can only be read', async () => {
    const anna = here.person(mount('size=1m'));
    const plan = await anna.plan('add the tag frozen to 105');
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const before = changed();
    for (const argv of [['approve', plan], ['jobs'], OPEN, ['approvals'], ['audit', 'verify']]) {
      const ran = await anna.run(argv);
      expect(ran.stdout + ran.stderr).not.toMatch(UNFORESEEN);
      expect([argv, ran.code, ran.stdout + ran.stderr]).toEqual([
        argv,
        1,
        expect.stringMatching(/only be read|cannot be opened or written/),
      ]);
    }
    expect(changed()).toBe(before);
  });
});
