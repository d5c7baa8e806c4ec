import { setDefaultCACertificates } from 'node:tls';
import { startSandboxProcess, type RunningSandbox } from '../e2e/product.ts';

/** A cluster that is the same in every run: its clock begins here and runs. */
const clock = '2026-02-23T10:00:00Z';

/** Generated clusters by their number of guests, with as many nodes as such clusters tend to have. */
export const sizes = [
  { guests: 10, nodes: 3 },
  { guests: 1_000, nodes: 16 },
  { guests: 10_000, nodes: 64 },
] as const;

export interface Size {
  guests: number;
  nodes: number;
}

type Use<T> = (sandbox: RunningSandbox) => AsyncGenerator<T>;

/** The demo cluster, as a process of its own, while `use` runs. */
export function withDemo<T>(use: Use<T>): AsyncGenerator<T> {
  return withSandbox(['--clock', clock], use);
}

/** A generated cluster, as a process of its own, while `use` runs; `more` are further options of `pxa sandbox`. */
export function withCluster<T>(size: Size, use: Use<T>, more: readonly string[] = []): AsyncGenerator<T> {
  const { guests, nodes } = size;
  const args = ['--clock', clock, '--seed', '7', '--nodes', `${nodes}`, '--guests', `${guests}`, ...more];
  return withSandbox(args, async function* (sandbox) {
    const there = await countGuests(sandbox);
    if (there !== guests) throw new Error(`the sandbox was to have ${guests} guests, and has ${there}`);
    yield* use(sandbox);
  });
}

async function countGuests(sandbox: RunningSandbox): Promise<number> {
  const { data } = (await bareGet(sandbox, '/api2/json/cluster/resources?type=vm')) as { data: unknown[] }; // Proxmox's envelope
  return data.length;
}

async function* withSandbox<T>(args: readonly string[], use: Use<T>): AsyncGenerator<T> {
  const sandbox = await startSandboxProcess(args);
  // So that bare requests verify the sandbox's certificate, as any client has to.
  setDefaultCACertificates([sandbox.certificate]);
  try {
    yield* use(sandbox);
  } finally {
    await sandbox.stop();
  }
}

/** Lets the cluster's time run so many times as fast, so that its tasks end sooner. Needs `--control`. */
export async function speedUp(sandbox: RunningSandbox, rate: number): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox/control/clock`, {
    method: 'POST',
    body: JSON.stringify({ rate }),
  });
  if (!response.ok) throw new Error(`the clock answered ${response.status}`);
}

/** The header that a bare request needs. */
export function tokenHeader(sandbox: RunningSandbox): { Authorization: string } {
  return { Authorization: `PVEAPIToken=${sandbox.tokenId}=${sandbox.tokenSecret}` };
}

/** Gets one body with the platform's own fetch and parses it: what every client has to do at least. */
export async function bareGet(sandbox: RunningSandbox, path: string): Promise<unknown> {
  const response = await fetch(`${sandbox.url}${path}`, { headers: tokenHeader(sandbox) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return JSON.parse(await response.text());
}

/** One write with the platform's own fetch; gives what its envelope holds. */
export async function bareWrite(
  sandbox: RunningSandbox,
  { method, path, params }: { method: string; path: string; params: Readonly<Record<string, unknown>> },
): Promise<unknown> {
  const form = new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const query = method === 'DELETE' && form.size > 0 ? `?${form.toString()}` : '';
  const response = await fetch(`${sandbox.url}/api2/json${path}${query}`, {
    method,
    headers: tokenHeader(sandbox),
    ...(method === 'DELETE' ? {} : { body: form }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return ((await response.json()) as { data: unknown }).data; // Proxmox's envelope
}
