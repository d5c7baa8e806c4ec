import { createAssistant } from '@pxa/assistant';
import { actions } from '@pxa/catalog';
import { type Cluster, connect } from '@pxa/pve';
import { type Sandbox, startSandbox } from '@pxa/sandbox';
import { type Store, openStore } from '@pxa/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFacts } from './facts.ts';

let sandbox: Sandbox;
let cluster: Cluster;
let store: Store;
let assistant: ReturnType<typeof createAssistant>;

beforeAll(async () => {
  sandbox = await startSandbox({ clock: Date.UTC(2026, 1, 23, 10) });
  const { url, tokenId, tokenSecret: secret, fingerprint } = sandbox;
  cluster = connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
  const now = (): number => sandbox.clock.now();
  const seal = async () => ({ seal: (text: string) => text, open: (text: string) => text });
  store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now, seal });
  let ids = 0;
  const id = (prefix = 'c'): string => `${prefix}_${(ids += 1)}`;
  const person = { name: 'anna', door: 'terminal' } as const;
  const sleep = (): Promise<void> => Promise.resolve();
  const kept = { openStore: () => Promise.resolve(store), connection: 'the sandbox', owner: 'test' };
  assistant = createAssistant({ cluster, now, ids: id, changes: { ...kept, user: tokenId, person, id, sleep } });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

const says = [...actions.values()].flatMap(({ id, examples }) => examples.map(({ say }) => [id, say] as const));

/** The guests that the path of a call is about. */
const guestOf = (path: string): number => Number(/^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)(?:\/|$)/.exec(path)?.[1]);

test.each(says)('what is done to a guest is not begun when it is gone: %s: %s', async (_id, say) => {
  const answer = await assistant.ask({ request: say });
  if (answer.kind !== 'plan') return;
  const record = await store.plan(answer.plan.id);
  const begun: string[] = [];
  for (const [index, { path, method }] of answer.plan.steps.entries()) {
    const guest = sandbox.state.guests.get(guestOf(path));
    const { relies_on: facts = [], after = [] } = record?.records[index] ?? {};
    if (guest === undefined || after.length > 0) continue;
    sandbox.state.guests.delete(guest.vmid);
    const found = await checkFacts(cluster.session().reader, facts);
    sandbox.state.guests.set(guest.vmid, guest);
    if (found.holds !== false) begun.push(`${method} ${path}`);
  }
  expect(begun).toEqual([]);
});
