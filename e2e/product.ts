import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../tools/repository.ts';
import { pinnedCertificate } from './certificate.ts';

/** A sandbox that runs as its users start it, and what a client needs in order to speak to it. */
export interface RunningSandbox {
  /** `https://127.0.0.1:PORT` */
  url: string;
  tokenId: string;
  tokenSecret: string;
  fingerprint: string;
  /** The certificate with that fingerprint, for clients that want a CA file. */
  certificate: string;
  /** The process id of the sandbox's own Node, for measuring its memory. */
  pid: number;
  /** How long it took from the start of the process to the line that it prints when it listens. */
  startMs: number;
  /** What the command line reads to find it. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

const startLimitMs = 30_000;

/** Starts `./pxa sandbox --port 0 --json` with further arguments. Throws with what it said if it does not come up. */
export async function startSandboxProcess(args: readonly string[] = []): Promise<RunningSandbox> {
  const began = performance.now();
  const child = spawn(join(root, 'pxa'), ['sandbox', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    // The line that the contract promises; a missing key fails at its first use.
    const { url, token_id, token_secret, fingerprint } = (await firstLine(child, 'pxa sandbox')) as SandboxLine;
    const startMs = performance.now() - began;
    const certificate = await pinnedCertificate(url, fingerprint);
    const env = {
      PXA_PVE_URL: url,
      PXA_PVE_TOKEN_ID: token_id,
      PXA_PVE_TOKEN_SECRET: token_secret,
      PXA_PVE_FINGERPRINT: fingerprint,
    };
    const said = { url, tokenId: token_id, tokenSecret: token_secret, fingerprint };
    return { ...said, certificate, pid: child.pid ?? 0, startMs, env, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** A service that runs as its users start it. */
export interface RunningService {
  /** `http://127.0.0.1:PORT/v1` */
  readonly url: string;
  /** The first token, which may do everything; null where the store had tokens already. */
  readonly token: string | null;
  readonly pid: number;
  /** Ends it as a service manager does, or at once. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts `./pxa serve --port 0 --json` with the environment and further arguments. Throws if it does not come up. */
export async function startServiceProcess(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<RunningService> {
  const child = spawn(join(root, 'pxa'), ['serve', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  try {
    const { url, token } = (await firstLine(child, 'pxa serve')) as { url: string; token: string | null }; // as above
    return { url, token, pid: child.pid ?? 0, stop: (signal) => stop(child, signal) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

interface SandboxLine {
  url: string;
  token_id: string;
  token_secret: string;
  fingerprint: string;
}

/** What a process says first, as JSON. Throws with what it complained of if it says nothing. */
async function firstLine(child: ChildProcess, name: string): Promise<unknown> {
  let complaint = '';
  child.stderr?.on('data', (chunk) => (complaint += chunk));
  const lines = createInterface({ input: child.stdout! }); // piped above
  const gone = once(child, 'exit').then(() => undefined);
  const late = AbortSignal.timeout(startLimitMs);
  const line: unknown = await Promise.race([
    once(lines, 'line', { signal: late }).then(([first]: unknown[]) => first),
    gone,
  ]).catch(() => undefined);
  if (typeof line !== 'string') throw new Error(`${name} did not start: ${complaint.trim() || 'it said nothing'}`);
  return JSON.parse(line);
}

async function stop(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(killer);
}
