import { existsSync, readFileSync } from 'node:fs';
import { ask, Run } from '@pxa/ask';
import type { CellValue, Finding, Query, View } from '@pxa/contract';
import { connect } from '@pxa/pve';
import { startSandbox, type SandboxOptions } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasets, defaultThresholds } from './index.ts';

/** A sandbox that queries are asked of. */
export interface World {
  ask(query: Query): Promise<Told>;
  close(): Promise<void>;
}

/** What a query gave: the view, the findings, what was lacking, and the paths that were read. */
export interface Told {
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

/**
 * Runs one capability's queries on the example cluster; skipped where the shared folder is absent. `options` may add
 * faults or another clock.
 */
export function onExampleWorld(
  title: string,
  cases: Readonly<Record<string, readonly [Query, Expected]>>,
  options: SandboxOptions = {},
): void {
  const file = exampleWorld();
  describe.skipIf(file === undefined)(`${title} (needs the example cluster of ../shared)`, () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld({ world: file ?? {}, ...options });
    });
    afterAll(() => world.close());
    test.each(Object.entries(cases))('%s', async (_name, [query, expected]) => {
      await checkQuery(world, query, expected);
    });
  });
}

/** Starts a sandbox and connects to it as its own token. */
export async function openWorld(options: SandboxOptions): Promise<World> {
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

/** Asks a query and holds the answer against what is expected; every shown cell must say where it is from. */
export async function checkQuery(world: World, query: Query, expected: Expected): Promise<Told> {
  const told = await world.ask(query);
  const ids = told.view.rows.map(({ id }) => id);
  if (expected.rows) {
    if (query.order) expect(ids).toEqual(expected.rows);
    else expect([...ids].sort()).toEqual([...expected.rows].sort());
  }
  expect(new Set(ids).size).toBe(ids.length);
  if (expected.value !== undefined) expectClose(told.view.value?.number, expected.value, 'value');
  for (const [id, cells] of Object.entries(expected.cells ?? {})) checkCells(told.view, id, cells);
  if (expected.findings) {
    const found = told.findings.map(({ severity, code, about }) => `${severity} ${code} ${about}`);
    expect(found.sort()).toEqual([...expected.findings].sort());
  }
  if (expected.calls) expect([...told.calls].sort()).toEqual([...expected.calls].sort());
  for (const part of expected.lacks ?? []) expect(told.lacks.join('\n')).toContain(part);
  for (const row of told.view.rows) {
    for (const [column, at] of Object.entries(row.evidence)) {
      const place = row.cells[column] === null ? /: unknown: ./ : /calls\[\d+\]#/;
      expect(`${row.id} ${column}: ${at}`).toMatch(place);
    }
  }
  return told;
}

function checkCells(view: View, id: string, cells: Readonly<Record<string, CellValue>>): void {
  const row = view.rows.find((each) => each.id === id);
  expect(view.rows.map((each) => each.id)).toContain(id);
  for (const [column, value] of Object.entries(cells)) expectClose(row?.cells[column], value, `${id} ${column}`);
}

function expectClose(got: CellValue | undefined, wanted: CellValue, what: string): void {
  const close = typeof got === 'number' && typeof wanted === 'number';
  const same = close && Math.abs(got - wanted) <= Math.abs(wanted) * 0.001;
  expect({ [what]: same ? wanted : got }).toEqual({ [what]: wanted });
}
