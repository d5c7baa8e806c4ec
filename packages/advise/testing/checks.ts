import { ask, Run } from '@pxa/ask';
import { datasets, defaultThresholds } from '@pxa/catalog';
import type { Filter, Row } from '@pxa/contract';
import { connect } from '@pxa/pve';
import { type Sandbox, SandboxClock, startSandbox } from '@pxa/sandbox';
import { adviceDatasets } from '../index.ts';

const all = new Map([...datasets, ...adviceDatasets]);
export const NOW_MS = Date.UTC(2026, 1, 23, 10);

export const COLUMNS = ['target', 'rule', 'state', 'severity', 'text', 'about', 'evidence'];

export interface Looked {
  readonly rows: readonly Row[];
  readonly calls: readonly string[];
}

/** The checks that a question gives on a sandbox, by a token of its own where one is named. */
export async function checksOf(
  sandbox: Sandbox,
  {
    where,
    columns = COLUMNS,
    token,
  }: { where?: Filter; columns?: readonly string[]; token?: [id: string, secret: string] },
): Promise<Looked> {
  const [tokenId, secret] = token ?? [sandbox.tokenId, sandbox.tokenSecret];
  const cluster = connect({
    url: sandbox.url,
    auth: { kind: 'token', tokenId, secret },
    tls: { fingerprint: sandbox.fingerprint },
  });
  const session = cluster.session();
  const run = new Run(session.reader, all, () => sandbox.clock.now() / 1000);
  const query = { dataset: 'security-checks', columns: [...columns], ...(where === undefined ? {} : { where }) };
  const { view } = await ask(run, query, defaultThresholds);
  await cluster.close();
  return { rows: view.rows, calls: session.calls.map(({ path }) => path) };
}

/** The demo cluster, at the time of the tests. */
export const start = (): Promise<Sandbox> => startSandbox({ clock: new SandboxClock(NOW_MS, 0) });

/** What rules say of targets: a finding by its text, or the state. */
export const said = ({ rows }: Looked, rule: string, target: string): string[] =>
  rows
    .filter(({ cells }) => cells['rule'] === rule && cells['target'] === target)
    .map(({ cells }) =>
      cells['state'] === 'passed' ? 'passed' : `${String(cells['state'])}: ${String(cells['text'])}`,
    );
