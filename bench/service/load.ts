import { Agent, get } from 'node:http';
import { percentile } from '../timing.ts';

/** What a load came to. */
export interface Load {
  /** Requests answered a second. */
  readonly perSecond: number;
  /** Milliseconds of a request: half of them, and one of a hundred, took longer. */
  readonly p50: number;
  readonly p99: number;
  readonly done: number;
}

/**
 * Gets a URL over a few kept-alive connections, one request at a time on each, for so many seconds or requests, whichever
 * is over first. Throws where one is not answered 200.
 */
export async function load(
  url: string,
  headers: Readonly<Record<string, string>>,
  { connections, seconds, most = Infinity }: { connections: number; seconds: number; most?: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  let begun = 0;
  const started = performance.now();
  const until = started + seconds * 1_000;
  const one = async (): Promise<void> => {
    while (performance.now() < until && begun < most) {
      begun += 1;
      const from = performance.now();
      await drained(url, headers, agent);
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const perSecond = took.length / ((performance.now() - started) / 1_000);
  agent.destroy();
  return { perSecond, p50: percentile(took, 0.5), p99: percentile(took, 0.99), done: took.length };
}

function drained(url: string, headers: Readonly<Record<string, string>>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.on('end', resolve).resume();
    }).on('error', reject);
  });
}
