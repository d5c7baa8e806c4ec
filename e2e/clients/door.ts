import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { startSandboxProcess } from '../product.ts';

/** What a client is given: where the cluster is, who it may be there, and the certificate that it has to find. */
export interface Door {
  url: string;
  username: string;
  password: string;
  tokenId: string;
  tokenSecret: string;
  caFile: string;
  /** A folder of its own, for what it builds. */
  folder: string;
}

/** How many seconds pass in the sandbox of a client that changes things, for each second that passes here. */
const RATE = 30;

/** Runs one piece of work against a fresh sandbox, started as its users start it. */
export async function withSandbox<T>(
  folder: string,
  args: readonly string[],
  work: (door: Door) => Promise<T>,
): Promise<T> {
  const sandbox = await startSandboxProcess(args);
  try {
    const caFile = join(folder, `ca-${sandbox.pid}.pem`);
    await writeFile(caFile, sandbox.certificate);
    const { url, tokenId, tokenSecret } = sandbox;
    return await work({ url, username: 'root@pam', password: 'sandbox', tokenId, tokenSecret, caFile, folder });
  } finally {
    await sandbox.stop();
  }
}

/** The same with a clock that runs fast, so that clients need not wait long for tasks. */
export async function withFastSandbox<T>(
  folder: string,
  args: readonly string[],
  work: (door: Door) => Promise<T>,
): Promise<T> {
  return withSandbox(folder, [...args, '--control'], async (door) => {
    await setRate(door);
    return work(door);
  });
}

async function setRate(door: Door): Promise<void> {
  const { status } = await send(door, 'POST', '/sandbox/control/clock', { rate: RATE });
  if (status !== 200) throw new Error(`the sandbox's clock cannot be set: status ${status}`);
}

/** What one read gives with the token; `data` is empty where it was refused, or is no object. */
export async function readFrom(door: Door, path: string): Promise<{ status: number; data: Record<string, unknown> }> {
  const { status, text } = await send(door, 'GET', `/api2/json${path}`);
  const body: unknown = JSON.parse(text);
  const data = isRecord(body) ? body['data'] : undefined;
  return { status, data: isRecord(data) ? data : {} };
}

async function send(
  door: Door,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; text: string }> {
  const headers = { Authorization: `PVEAPIToken=${door.tokenId}=${door.tokenSecret}` };
  const sent = request(`${door.url}${path}`, { method, headers, ca: await readFile(door.caFile) });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sent, 'response', { signal: AbortSignal.timeout(5_000) })) as [IncomingMessage]; // its only argument
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return { status: answer.statusCode ?? 0, text };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What the programs in other languages read to find the sandbox. */
export function environment(door: Door): Record<string, string> {
  return {
    PVE_URL: door.url,
    PVE_USERNAME: door.username,
    PVE_PASSWORD: door.password,
    PVE_TOKEN_ID: door.tokenId,
    PVE_TOKEN_SECRET: door.tokenSecret,
    PVE_CA_FILE: door.caFile,
  };
}
