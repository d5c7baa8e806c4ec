import { type Sandbox, startSandbox } from '@pxa/assistant/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type Ran, runPxa } from '../in-process.ts';

let sandboxes: Sandbox[];
const home = newHome();
/** Given once, by the first start over that home. */
let firstToken: string | null = null;
beforeAll(async () => {
  sandboxes = await Promise.all([startSandbox(), startSandbox()]);
  for (const [index, sandbox] of sandboxes.entries()) {
    const saved = await connect(`c${index}`, sandbox, home);
    if (saved.code !== 0) throw new Error(saved.stderr);
  }
});
afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())));

function connect(name: string, { url, tokenId, tokenSecret, fingerprint }: Sandbox, HOME: string): Promise<Ran> {
  const args = ['connect', url, '--name', name, '--token-id', tokenId, '--fingerprint', fingerprint];
  return runPxa(args, { env: { HOME, PXA_PVE_TOKEN_SECRET: tokenSecret }, now: Date.now() });
}

/** Serves, lets `use` ask, and ends. */
async function serving(
  args: string[],
  env: Record<string, string>,
  use: (get: (path: string) => Promise<unknown>) => Promise<void>,
): Promise<Ran> {
  const { promise: stop, resolve } = Promise.withResolvers<void>();
  const done: Promise<void>[] = [];
  const onOutput = (text: string): void => {
    const { url, token } = JSON.parse(text) as { url: string; token: string | null }; // what serve --json prints
    firstToken ??= token;
    const get = async (path: string): Promise<unknown> => {
      const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${firstToken}` } });
      return ((await answer.json()) as { data: unknown }).data; // the envelope
    };
    const used = use(get).finally(resolve);
    used.catch(() => undefined); // waited for below
    done.push(used);
  };
  const now = (): number => Date.now();
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((wake) => {
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', () => (clearTimeout(timer), wake()), { once: true });
    });
  const ran = await runPxa(['serve', '--port', '0', '--json', ...args], { env, stop, onOutput, now, sleep });
  await Promise.all(done);
  return ran;
}

const namesOf = (data: unknown): string[] =>
  (data as { connections: { name: string }[] }).connections.map(({ name }) => name); // as the API's document has it

test('all saved connections are served, the one in use first', async () => {
  const ran = await serving([], { HOME: home }, async (get) => {
    expect(namesOf(await get('/connections'))).toEqual(['c1', 'c0']);
    expect(await get('/nodes')).toMatchObject({
      nodes: expect.arrayContaining([expect.objectContaining({ id: 'c0:pve-node01' })]),
    });
  });
  expect(ran.code).toBe(0);
});

test('or the one that is named', async () => {
  const ran = await serving(['--connection', 'c0'], { HOME: home }, async (get) => {
    expect(namesOf(await get('/connections'))).toEqual(['c0']);
  });
  expect(ran.code).toBe(0);
});

test('two ways to one address are refused', async () => {
  const [sandbox] = sandboxes;
  if (sandbox === undefined) throw new Error('there are two');
  const HOME = newHome();
  await connect('a', sandbox, HOME);
  await connect('b', sandbox, HOME);
  const ran = await runPxa(['serve', '--port', '0'], { env: { HOME } });
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toMatch(/have the same address/);
});

test.each(['0', '1441', 'soon', '1.5'])('PXA_APPROVAL_MINUTES=%s is refused', async (minutes) => {
  const ran = await runPxa(['serve', '--port', '0'], { env: { HOME: home, PXA_APPROVAL_MINUTES: minutes } });
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toMatch(/whole number of minutes, from 1 to 1440/);
});
