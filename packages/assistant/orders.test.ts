import { createHash } from 'node:crypto';
import { actions, type LocalFiles } from '@pxa/catalog';
import type { Answer } from '@pxa/contract';
import { connect } from '@pxa/pve';
import { startSandbox } from '@pxa/sandbox';
import { openStore } from '@pxa/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assistant } from './assistant.ts';
import { createAssistant } from './create.ts';

/** What lies on the computer that the orders come from. */
const files: LocalFiles = {
  look: (path) => {
    const name = path.replace(/^.*\//, '');
    if (!/^(talos|virtio-win-0\.1\.285|router)\./.test(name)) {
      return Promise.resolve({ ok: false, why: `${path} is not there.`, next: 'See how it is written.' });
    }
    const sha256 = createHash('sha256').update(name).digest('hex');
    return Promise.resolve({ ok: true, file: { path: `/home/anna/${name}`, bytes: 700_000_000, sha256 }, sum: sha256 });
  },
  read: () => {
    throw new Error('nothing is sent while it is planned');
  },
};

/** Nothing of what is planned here is kept. */
const openSeal = (): ReturnType<NonNullable<Parameters<typeof openStore>[1]['seal']>> =>
  Promise.resolve({ seal: (text) => text, open: (text) => text });

let assistant: Assistant;
let close: () => Promise<void>;

beforeAll(async () => {
  const sandbox = await startSandbox({ clock: Date.UTC(2026, 1, 23, 10) });
  const { url, tokenId, tokenSecret: secret, fingerprint } = sandbox;
  const cluster = connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
  let ids = 0;
  const id = (prefix = 'c'): string => `${prefix}_${(ids += 1)}`;
  const now = (): number => sandbox.clock.now();
  assistant = createAssistant({
    cluster,
    now,
    ids: id,
    changes: {
      openStore: () => openStore({ kind: 'sqlite', file: ':memory:' }, { now, seal: openSeal }),
      connection: 'the sandbox',
      user: tokenId,
      person: { name: 'anna', door: 'terminal' },
      owner: 'test',
      id,
      sleep: () => Promise.resolve(),
      files,
    },
  });
  close = async () => {
    await assistant.close();
    await sandbox.close();
  };
});

afterAll(() => close());

/** `METHOD PATH key=value …` of each step, with no more keys than are wanted of it. */
function sent(answer: Answer, wanted: readonly string[]): string[] | string {
  if (answer.kind !== 'plan') return `${answer.kind}: ${answer.text}`;
  return answer.plan.steps.map(({ method, path, params }, index) => {
    const keys = [...(wanted[index] ?? '').matchAll(/ ([\w-]+)=/g)].map(([, key = '']) => key);
    const values = keys.filter((key) => key in params).map((key) => ` ${key}=${textOf(params[key])}`);
    return `${method} ${path}${values.join('')}`;
  });
}

function textOf(value: unknown): string {
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
  return /\s/.test(text) ? `'${text}'` : text;
}

const sayable = [...actions.values()].filter(({ examples }) => examples.length > 0);

describe.each(sayable.map((action) => [action.id, action] as const))('%s', (_id, { examples }) => {
  test.each(examples.map((each) => [each.say, each] as const))('%s', async (say, { sends }) => {
    const answer = await assistant.ask({ request: say });
    if (typeof sends === 'string') expect(`${answer.kind}: ${answer.text}`).toMatch(new RegExp(`^${sends}: `));
    else expect(sent(answer, sends)).toEqual(sends);
  });
});
