import { existsSync, readFileSync } from 'node:fs';
import { ask, Run } from '@pxa/ask';
import type { CellValue, Finding, Query, View } from '@pxa/contract';
import { connect } from '@pxa/pve';
import { startSandbox, type SandboxOptions } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasets, defaultThresholds } from './index.ts';

/** A sandbox that queries are asked of. */
interface World {
  ask(query: Query): Promise<Told>;
  close(): Promise<void>;
}

/** What a query gave: the view, the findings, what was lacking, and the paths that were read. */
interface Told {
  readonly view: View;
  readonly findings: readonly Finding[];
  readonly lacks: readonly string[];
  readonly calls: readonly string[];
}

/** What is expected of an answer; what is left out is not looked at. */
export interface Expected {
  /** The ids of the rows, in any order; in this order where the query has one. */
  readonly rows?: readonly string[];
  readonly value?: number | null;
  /** By row id, then by column; numbers are compared to 0.1%. */
  readonly cells?: Readonly<Record<string, Readonly<Record<string, CellValue>>>>;
  /** `severity code about`. */
  readonly findings?: readonly string[];
  /** The paths that were read, without `/api2/json`, in any order. */
  readonly calls?: readonly string[];
  /** Parts of what must be named as lacking. */
  readonly lacks?: readonly string[];
}

const shared = process.env['PXA_SHARED'] ?? new URL('../../../shared', import.meta.url).pathname;

/** The example cluster of three nodes as raw reads; undefined where the shared folder is absent. */
export function exampleWorld(): Record<string, unknown> | undefined {
  const file = `${shared}/examples/world.json`;
  // The file is a JSON object; the sandbox checks its contents.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : undefined;
}

type Cases = Readonly<Record<string, readonly [Query, Expected]>>;

/** Runs one capability's queries on the example cluster; skipped where the shared folder is absent. */
export function onExampleWorld(title: string, cases: Cases, options: SandboxOptions = {}): void {
  const file = exampleWorld();
  describe.skipIf(file === undefined)(`${title} (needs the example cluster of ../shared)`, () => {
    runCases(cases, { world: file ?? {}, ...options });
  });
}

/** Runs one capability's queries on the demo cluster, on the day of its transcripts. */
export function onDemoCluster(title: string, cases: Cases, options: SandboxOptions = {}): void {
  describe(`${title} on the demo cluster`, () => {
    runCases(cases, { clock: Date.UTC(2026, 1, 23, 10), ...options });
  });
}

function runCases(cases: Cases, options: SandboxOptions): void {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(options);
  });
  afterAll(() => world.close());
  test.each(Object.entries(cases))('%s', async (_name, [query, expected]) => {
    expect(differences(await world.ask(query), query, expected)).toEqual([]);
  });
}

/** Starts a sandbox and connects to it as its own token. */
async function openWorld(options: SandboxOptions): Promise<World> {
  const sandbox = await startSandbox(options);
  const auth = { kind: 'token' as const, tokenId: sandbox.tokenId, secret: sandbox.tokenSecret };
  const cluster = connect({ url: sandbox.url, auth, tls: { fingerprint: sandbox.fingerprint } });
  return {
    async ask(query) {
      const session = cluster.session();
      const run = new Run(session.reader, datasets, () => sandbox.clock.now() / 1000);
      const { view, findings } = await ask(run, query, defaultThresholds);
      return {
        view,
        findings,
        lacks: run.lacks.all().map(({ about, why }) => `${about}: ${why}`),
        calls: session.calls.map(({ path }) => path.replace('/api2/json', '')),
      };
    },
    async close() {
      await cluster.close();
      await sandbox.close();
    },
  };
}

/** What is other than expected, in words; every shown cell must say where it is from. */
function differences(told: Told, query: Query, expected: Expected): string[] {
  const ids = told.view.rows.map(({ id }) => id);
  const found = told.findings.map(({ severity, code, about }) => `${severity} ${code} ${about}`);
  const lacks = told.lacks.join('\n');
  return [
    ...(query.order ? differ('rows', ids, expected.rows) : differSorted('rows', ids, expected.rows)),
    ...differ('rows that are there twice', ids.length - new Set(ids).size, 0),
    ...(expected.value === undefined ? [] : differ('value', told.view.value?.number ?? null, expected.value)),
    ...Object.entries(expected.cells ?? {}).flatMap(([id, cells]) => cellDifferences(told.view, id, cells)),
    ...differSorted('findings', found, expected.findings),
    ...differSorted('calls', told.calls, expected.calls),
    ...(expected.lacks ?? []).filter((part) => !lacks.includes(part)).map((part) => `not lacking: ${part}\n${lacks}`),
    ...told.view.rows.flatMap(evidenceGaps),
  ];
}

function cellDifferences(view: View, id: string, cells: Readonly<Record<string, CellValue>>): string[] {
  const row = view.rows.find((each) => each.id === id);
  if (row === undefined) return [`no row ${id}`];
  return Object.entries(cells).flatMap(([column, value]) => differ(`${id} ${column}`, row.cells[column], value));
}

/** Cells that do not say where they were read, or why they are unknown. */
function evidenceGaps({ id, cells, evidence }: View['rows'][number]): string[] {
  return Object.entries(cells)
    .filter(([column, value]) => !(value === null ? /^unknown: ./ : /calls\[\d+\]#/).test(evidence[column] ?? ''))
    .map(([column]) => `${id} ${column} is without evidence: ${evidence[column]}`);
}

function differSorted(what: string, got: readonly string[], wanted: readonly string[] | undefined): string[] {
  return differ(what, [...got].sort(), wanted && [...wanted].sort());
}

/** Numbers are equal to 0.1%. */
function differ(what: string, got: unknown, wanted: unknown): string[] {
  if (wanted === undefined) return [];
  if (typeof got === 'number' && typeof wanted === 'number' && Math.abs(got - wanted) <= Math.abs(wanted) * 0.001) {
    return [];
  }
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  return a === b ? [] : [`${what}: ${a}, expected ${b}`];
}
