import { datasets, defaultThresholds } from '@pxa/catalog';
import type { Finding, Query, View } from '@pxa/contract';
import { connect } from '@pxa/pve';
import type { GetPath, ParamsOf, ReturnOf } from '@pxa/pve/facts';
import type { Read, Reader } from '@pxa/pve/reader';
import { startSandbox, type SandboxOptions } from '@pxa/sandbox';
import { ask } from '../ask.ts';
import { Run } from '../run.ts';

/** What a query gave, and the bodies that it was read from, by the number of their call. */
export interface Told {
  readonly view: View;
  readonly findings: readonly Finding[];
  readonly lacks: readonly string[];
  readonly bodies: readonly Body[];
  /** How many requests went to Proxmox. */
  readonly calls: number;
}

/** A body as Proxmox sent it: `data`, and what stood beside it; undefined for a call that failed. */
export type Body = Readonly<Record<string, unknown>> | undefined;

/** Changes the bodies of an answer, told the number of their call and their route. It gets copies. */
export type Tamper = (body: Record<string, unknown>, call: number, path: string) => void;

/** Reads that were made once, by route and parameters; on tape they have the same number in every answer. */
type Tape = Map<string, { call: number; read: Promise<Read<unknown>> }>;

/** A sandbox that queries are asked of. */
export interface World {
  /** Asks live. */
  ask(query: Query): Promise<Told>;
  /** Asks once more of what was read live before, with bodies that were tampered with; reads that are new are live. */
  askOfTape(query: Query, tamper?: Tamper): Promise<Told>;
  close(): Promise<void>;
}

/** Starts a sandbox and connects to it as its own token. `requestMs` is how long a call may take. */
export async function openWorld(options: SandboxOptions, requestMs?: number): Promise<World> {
  const sandbox = await startSandbox(options);
  const cluster = connect({
    url: sandbox.url,
    auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
    tls: { fingerprint: sandbox.fingerprint },
    ...(requestMs === undefined ? {} : { timeouts: { requestMs } }),
  });
  const now = (): number => sandbox.clock.now() / 1000;
  const tape: Tape = new Map();
  const asked = async (query: Query, reader: Reader, bodies: Body[], calls: () => number): Promise<Told> => {
    const run = new Run(reader, datasets, now);
    const { view, findings } = await ask(run, query, defaultThresholds);
    const lacks = run.lacks.all().map(({ about, why }) => `${about}: ${why}`);
    return { view, findings, lacks, bodies, calls: calls() };
  };
  return {
    ask(query) {
      const { reader, calls } = cluster.session();
      const bodies: Body[] = [];
      return asked(query, watched(reader, bodies), bodies, () => calls.length);
    },
    askOfTape(query, tamper) {
      const { reader, calls } = cluster.session();
      const bodies: Body[] = [];
      return asked(query, taped(reader, tape, bodies, tamper), bodies, () => calls.length);
    },
    async close() {
      await cluster.close();
      await sandbox.close();
    },
  };
}

/** A reader that keeps the bodies that it hands on. */
function watched(reader: Reader, bodies: Body[]): Reader {
  return {
    ...reader,
    async get(path, params, options) {
      const read = await reader.get(path, params, options);
      if (read.ok) bodies[read.call] = { data: read.data, ...read.extra };
      return read;
    },
  };
}

/** A reader that reads what is on tape from there, and hands on copies that may have been tampered with. */
function taped(reader: Reader, tape: Tape, bodies: Body[], tamper: Tamper | undefined): Reader {
  return {
    ...reader,
    async get<P extends GetPath>(path: P, params: ParamsOf<'GET', P>) {
      const key = `${path} ${JSON.stringify(params)}`;
      const kept = tape.get(key) ?? { call: tape.size, read: reader.get(path, params) };
      tape.set(key, kept);
      const { call } = kept;
      const read = await kept.read;
      if (!read.ok) return { ...read, call };
      const body: Record<string, unknown> = structuredClone({ data: read.data, ...read.extra });
      tamper?.(body, call, path);
      bodies[call] = body;
      const { data, ...extra } = body;
      // Tampered with or not, it is taken for what the route gives.
      return { ...read, call, data: data as ReturnOf<'GET', P>, extra };
    },
  };
}
