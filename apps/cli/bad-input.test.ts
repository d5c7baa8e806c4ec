import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '@pxa/sandbox';
import { startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPxa } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'pxa-test-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const notJson = file('broken.json', '{"version":');
const notWorld = file('list.json', '[1, 2]');
const notFaults = file('faults.json', '{"faults": [{"fault": "flood"}]}');
const notPem = file('ca.pem', 'hello');
const FINGERPRINT = 'AA:'.repeat(31) + 'AA';
const MEGABYTE = 'word '.repeat(210_000);

interface Bad {
  name: string;
  argv: string[];
  stdin?: string;
  env?: Record<string, string>;
  code: number;
  /** What must be readable in what went to standard error. */
  says: RegExp;
}

const calls: Bad[] = [
  { name: 'unknown flag', argv: ['--frobnicate'], code: 2, says: /unknown option '--frobnicate'.*\npxa --help/ },
  { name: 'unknown flag of a command', argv: ['ask', 'x', '--sandpit'], code: 2, says: /unknown option/ },
  { name: 'flag without its value', argv: ['--clock'], code: 2, says: /argument missing/ },
  { name: 'a clock that is none', argv: ['--clock', 'yesterday', 'x'], code: 2, says: /--clock is a time like/ },
  { name: 'a version that is none', argv: ['--pve', '7', 'x'], code: 2, says: /--pve is 8\.4 or 9\.2/ },
  { name: 'a port that is none', argv: ['sandbox', '--port', '70000'], code: 2, says: /--port is a whole number/ },
  {
    name: 'a seed that is none',
    argv: ['sandbox', '--seed', '-1'],
    code: 2,
    says: /--seed is a whole number|argument missing/,
  },
  { name: 'world and seed', argv: ['sandbox', '--world', 'demo', '--seed', '1'], code: 2, says: /one or the other/ },
  {
    name: 'no such world',
    argv: ['sandbox', '--world', '/nowhere.json'],
    code: 2,
    says: /--world: \/nowhere\.json cannot be read/,
  },
  {
    name: 'a world that is not JSON',
    argv: ['sandbox', '--world', notJson],
    code: 2,
    says: /--world: .*broken\.json is not JSON/,
  },
  {
    name: 'a world that is none',
    argv: ['sandbox', '--world', notWorld],
    code: 2,
    says: /--world: .*list\.json is not a world: /,
  },
  {
    name: 'no such faults',
    argv: ['sandbox', '--faults', '/nowhere.json'],
    code: 2,
    says: /--faults: \/nowhere\.json/,
  },
  { name: 'faults that are none', argv: ['sandbox', '--faults', notFaults], code: 2, says: /--faults: .*faults\[0\]/ },
  { name: 'an action that is none', argv: ['sandbox', 'burn'], code: 2, says: /knows no "burn"/ },
  { name: 'export to nowhere', argv: ['sandbox', 'export'], code: 2, says: /pxa sandbox export FILE/ },
  { name: 'empty words', argv: ['ask', ''], code: 2, says: /The request is empty/ },
  { name: 'blank words', argv: ['ask', ' \t '], code: 2, says: /The request is empty/ },
  { name: 'nothing on standard input', argv: ['ask'], stdin: '', code: 2, says: /The request is empty/ },
  { name: 'a megabyte of words', argv: ['ask'], stdin: MEGABYTE, code: 2, says: /longer than 20000 characters/ },
  { name: 'a megabyte as an argument', argv: [MEGABYTE], code: 2, says: /has 1050000 characters; at most 20000/ },
  { name: 'words with --jsonl', argv: ['ask', 'x', '--jsonl'], code: 2, says: /leave out the words/ },
  {
    name: 'no cluster known',
    argv: ['ask', 'list VMs'],
    code: 5,
    says: /No cluster is known yet[\s\S]*pxa connect[\s\S]*--sandbox/,
  },
  {
    name: 'an unknown connection',
    argv: ['ask', 'x', '--connection', 'nope'],
    code: 5,
    says: /no saved connection "nope"/,
  },
  {
    name: 'a connection name that is none',
    argv: ['get', '/version', '-c', '../x'],
    code: 2,
    says: /cannot name a connection/,
  },
  {
    name: 'a path without a GET',
    argv: ['get', '/nodes/a/qemu/100/status/start'],
    code: 2,
    says: /can only be written \(POST\)/,
  },
  {
    name: 'a path that is none',
    argv: ['get', '/nodes/a/foo'],
    code: 2,
    says: /has no path \/nodes\/a\/foo\.\nBelow \/nodes\/a: /,
  },
  { name: 'a query in the path', argv: ['get', '/version?a=b'], code: 2, says: /key=value after the path/ },
  { name: 'a parameter without a value', argv: ['get', '/version', '=x'], code: 2, says: /is not key=value/ },
  { name: 'connect to nothing', argv: ['connect', ''], code: 2, says: /The address is empty/ },
  { name: 'connect by http', argv: ['connect', 'http://pve1:8006'], code: 2, says: /https:\/\/ only/ },
  { name: 'connect by ftp', argv: ['connect', 'ftp://pve1'], code: 2, says: /only https/ },
  { name: 'connect to a path', argv: ['connect', 'https://pve1:8006/pve2'], code: 2, says: /has a path/ },
  { name: 'connect to a port that is none', argv: ['connect', 'pve1:99999'], code: 2, says: /is not an address/ },
  {
    name: 'connect with a password in the address',
    argv: ['connect', 'https://root:geheim@pve1'],
    code: 2,
    says: /user name or password/,
  },
  {
    name: 'connect with a fingerprint that is none',
    argv: ['connect', 'pve1', '--fingerprint', 'AA:BB'],
    code: 2,
    says: /not a SHA-256 fingerprint/,
  },
  {
    name: 'connect with authorities that are none',
    argv: ['connect', 'pve1', '--ca-file', notPem],
    code: 2,
    says: /no certificate in PEM form/,
  },
  {
    name: 'connect without answers',
    argv: ['connect', 'pve1', '--fingerprint', FINGERPRINT],
    stdin: '',
    code: 2,
    says: /There is no answer to: API token/,
  },
  {
    name: 'connect with a token that is none',
    argv: ['connect', 'pve1', '--fingerprint', FINGERPRINT, '--token-id', 'root'],
    code: 2,
    says: /user@realm!name/,
  },
  {
    name: 'an unknown action on connections',
    argv: ['connections', 'burn'],
    code: 2,
    says: /list, use NAME or remove NAME/,
  },
  { name: 'use of no connection', argv: ['connections', 'use'], code: 2, says: /Which connection/ },
  {
    name: 'use of an unknown connection',
    argv: ['connections', 'use', 'nope'],
    code: 5,
    says: /no saved connection "nope"/,
  },
  { name: 'a shell that is none', argv: ['completion', 'cmd'], code: 2, says: /bash, zsh or fish/ },
];

describe('a mistake in the call is told, with what to do', () => {
  test.each(calls)('$name', async ({ argv, stdin, env, code, says }) => {
    const ran = await runPxa(argv, {
      ...(stdin === undefined ? {} : { stdin }),
      ...(env === undefined ? {} : { env }),
    });
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
  });
});

describe('a cluster that cannot be had is told, with what to do', () => {
  let sandbox: Sandbox;
  let silent: ReturnType<typeof createServer>;

  beforeAll(async () => {
    sandbox = await startSandbox({});
    // Speaks, but not TLS.
    silent = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await sandbox.close();
    silent.close();
  });

  const env = (changes: Record<string, string>): Record<string, string> => ({
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: sandbox.tokenId,
    PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
    ...changes,
  });
  const port = (): number => (silent.address() as AddressInfo).port;

  const cases: [name: string, changes: () => Record<string, string>, says: RegExp][] = [
    ['no URL', () => ({ PXA_PVE_URL: '' }), /PXA_PVE_URL is not set/],
    ['no token', () => ({ PXA_PVE_TOKEN_ID: '' }), /PXA_PVE_TOKEN_ID is not set/],
    ['no secret', () => ({ PXA_PVE_TOKEN_SECRET: '' }), /PXA_PVE_TOKEN_SECRET is not set/],
    [
      'another certificate',
      () => ({ PXA_PVE_FINGERPRINT: FINGERPRINT }),
      /expected +AA:[\s\S]*presented +[0-9A-F]{2}:/,
    ],
    ['an unknown certificate', () => ({ PXA_PVE_FINGERPRINT: '' }), /SHA-256 fingerprint/],
    ['nobody listens', () => ({ PXA_PVE_URL: 'https://127.0.0.1:1' }), /127\.0\.0\.1:1/],
    ['an unknown host', () => ({ PXA_PVE_URL: 'https://no-such-host.invalid:8006' }), /no-such-host\.invalid/],
    ['not TLS', () => ({ PXA_PVE_URL: `https://127.0.0.1:${port()}` }), /127\.0\.0\.1/],
  ];
  test.each(cases)('%s', async (_, changes, says) => {
    const ran = await runPxa(['get', '/version'], { env: env(changes()) });
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect(ran.stderr).not.toContain(sandbox.tokenSecret);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 5, stdout: '' });
  });

  test('a bad URL', async () => {
    const ran = await runPxa(['get', '/version'], { env: env({ PXA_PVE_URL: 'not a url' }) });
    expect(ran).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('"not a url" is not an address'),
    });
  });
});
