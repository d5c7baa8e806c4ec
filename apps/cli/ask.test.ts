import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answer } from '@pxa/contract';
import type { Sandbox } from '@pxa/sandbox';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ran, RunOptions } from './in-process.ts';
import { runPxa } from './in-process.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ clock: new SandboxClock(NOW, 0) });
});
afterAll(() => sandbox.close());

function pxa(argv: string[], options: RunOptions = {}): Promise<Ran> {
  const env = {
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: sandbox.tokenId,
    PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
  };
  return runPxa(argv, { now: NOW, ...options, env: { ...env, ...options.env } });
}

const parsed = (ran: Ran): Answer[] =>
  ran.stdout
    .trimEnd()
    .split('\n')
    .map((line) => Answer.parse(JSON.parse(line)));

describe('one question', () => {
  test('in words without quotes: the calls, the table, the summary', async () => {
    const ran = await pxa(['show', 'me', 'all', 'running', 'VMs', 'on', 'pve-node01']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toMatch(/^\[REST API\] GET \/api2\/json\/\S+ — 200 OK \(\d+ms\)$/m);
    expect(ran.stdout).toMatch(/^ 101 +app-server-prod .*running +3\/8 +12\.4\/16 GB +120 GB +14d 6h/m);
    expect(ran.stdout).not.toContain('\u001b');
  });

  test('--quiet leaves the calls out', async () => {
    const ran = await pxa(['ask', 'list all VMs', '-q']);
    expect(ran.stdout).not.toContain('[REST API]');
    expect(ran.stdout).toContain('dc01-win2022');
  });

  test('--explain tells each figure’s call', async () => {
    const ran = await pxa(['ask', 'list all VMs', '--explain']);
    expect(ran.stdout).toMatch(/Where this was read:\n {2}\[0\] GET \/api2\/json\/cluster\/resources — 200 OK/);
    expect(ran.stdout).toMatch(/← \[0\] \/data\/\d+\/mem/);
  });

  test('a conversation that was given a name goes on in the next command', async () => {
    const home = await mkdtemp(join(tmpdir(), 'pxa-'));
    const say = (words: string): Promise<Ran> =>
      pxa(['ask', words, '--json', '--conversation', 'mine'], { env: { XDG_STATE_HOME: home } });
    await say('list all VMs on pve-node01');
    const [answer] = parsed(await say('which one uses the most memory?'));
    expect(answer?.kind === 'answer' && answer.view?.rows.map(({ id }) => id)).toEqual(['qemu/102']);
    await rm(home, { recursive: true });
  });

  test('--json is the answer, and nothing else', async () => {
    const ran = await pxa(['ask', 'list all VMs', '--json', '--conversation', 'mine']);
    const [answer] = parsed(ran);
    expect(answer).toMatchObject({ kind: 'answer', request: 'list all VMs', conversation_id: 'mine' });
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('from standard input', async () => {
    const ran = await pxa(['ask', '-q'], { stdin: 'list all VMs\n' });
    expect({ code: ran.code, names: ran.stdout.includes('dc01-win2022') }).toEqual({ code: 0, names: true });
  });

  test('escape sequences in the words do nothing to the terminal', async () => {
    const ran = await pxa(['ask', 'show \u001b[2J\u0007 \u202eevil']);
    expect(ran.stdout + ran.stderr).not.toMatch(/[\u0007\u001b\u202e]/);
    const asJson = await pxa(['ask', 'show \u001b[2J\u009b \u202eevil', '--json']);
    expect(asJson.stdout).not.toMatch(/[\u0007\u001b\u009b\u202e]/);
    expect(parsed(asJson)[0]?.request).toBe('show \u001b[2J\u009b \u202eevil');
  });

  const codes: [string[], number][] = [
    [['ask', 'how many VMs are running?'], 0],
    [['ask', 'what is the memory of guest frobnicator-77?'], 3],
    [['ask', 'tell me a joke'], 4],
  ];
  test.each(codes)('%j ends with %i', async (argv, code) => {
    expect(await pxa(argv)).toMatchObject({ code, stderr: '' });
  });
});

describe('who cannot be reached, as JSON', () => {
  const cases: [string, Record<string, string>, string[], RegExp][] = [
    ['nobody listens', { PXA_PVE_URL: 'https://127.0.0.1:1' }, [], /127\.0\.0\.1:1/],
    [
      'no cluster known',
      { PXA_PVE_URL: '', PXA_PVE_TOKEN_ID: '', PXA_PVE_TOKEN_SECRET: '' },
      [],
      /No cluster is known/,
    ],
    ['an unknown connection', {}, ['-c', 'nope'], /no saved connection/],
    ['a wrong token', { PXA_PVE_TOKEN_SECRET: '00000000-0000-0000-0000-000000000000' }, [], /token|sign|401/i],
    ['another certificate', { PXA_PVE_FINGERPRINT: 'AA:'.repeat(31) + 'AA' }, [], /certificate/i],
  ];
  test.each(cases)('%s', async (_, env, argv, says) => {
    for (const form of [
      ['ask', 'list all VMs', '--json', ...argv],
      ['--jsonl', ...argv],
    ]) {
      const ran = await pxa(form, { env, stdin: '"list all VMs"\n' });
      expect(parsed(ran)).toMatchObject([{ kind: 'error', reason: expect.stringMatching(says) }]);
      expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 5, stderr: '' });
    }
  });
});

describe('--jsonl', () => {
  test('answers line by line, in order, and goes on after broken lines', async () => {
    const lines = [
      '"how many VMs are running?"',
      '{"request": "list all containers", "conversation_id": "c1"}',
      'not json',
      '{"request": 3}',
      '',
      '{"request": ""}',
      '{"request": "x", "conversation_id": 5}',
      '[1]',
      'null',
      `{"request": "${'word '.repeat(250_000)}"}`,
      '{"request": "how many nodes are there?"}',
    ];
    const ran = await pxa(['ask', '--jsonl'], { stdin: lines.join('\n') });
    const answers = parsed(ran);
    expect(answers.map(({ kind }) => kind)).toEqual(['answer', 'answer', ...Array<string>(8).fill('error'), 'answer']);
    expect(answers[1]?.conversation_id).toBe('c1');
    expect(ran.code).toBe(0);
  });

  test('a conversation goes on', async () => {
    const stdin = [
      '{"request": "list all VMs on pve-node01", "conversation_id": "a"}',
      '{"request": "how many containers are there?", "conversation_id": "b"}',
      '{"request": "which one uses the most memory?", "conversation_id": "a"}',
    ].join('\r\n');
    const answers = parsed(await pxa(['--jsonl'], { stdin }));
    const last = answers[2];
    expect(last?.kind === 'answer' && last.view?.rows.map(({ id }) => id)).toEqual(['qemu/102']);
  });

  test('nothing in, nothing out', async () => {
    expect(await pxa(['--jsonl'], { stdin: '' })).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('a prompt without a terminal', () => {
  test('answers each line, goes on with the one before, and ends with the input', async () => {
    const ran = await pxa(['-q'], {
      stdin: 'list all VMs on pve-node01\n\nwhich one uses the most memory?\nexplain\nhelp\n',
    });
    expect(ran.stdout).toMatch(
      /dc01-win2022[\s\S]*\n\n.*[\s\S]*db-postgres-01[\s\S]*Where this was read[\s\S]*Say what you want/,
    );
    expect(ran.stdout).not.toMatch(/^>/m);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  test('reads the API, and says what it has not', async () => {
    const ran = await pxa(['-q'], { stdin: 'get /version\nget /nodez\nget /version x=1\nexit\nlist all VMs\n' });
    expect(ran.stdout).toMatch(/release +9\.2[\s\S]*has no path \/nodez[\s\S]*no parameter x/);
    expect(ran.stdout).not.toContain('dc01-win2022');
  });
});

test('Ctrl-C breaks a request off', async () => {
  const hanging = await startSandbox({ faults: [{ fault: 'hang', path: '/cluster/resources' }] });
  try {
    const env = {
      PXA_PVE_URL: hanging.url,
      PXA_PVE_TOKEN_SECRET: hanging.tokenSecret,
      PXA_PVE_FINGERPRINT: hanging.fingerprint,
    };
    const ran = await pxa(['ask', 'list all VMs'], { env, stop: new Promise((resolve) => setImmediate(resolve)) });
    expect(ran).toMatchObject({ code: 130, stderr: 'Stopped. Nothing was changed.\n' });
  } finally {
    await hanging.close();
  }
});
