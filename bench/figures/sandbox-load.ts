import { Agent, get } from 'node:https';
import type { RunningSandbox } from '../../e2e/product.ts';
import { memoryMiB } from '../memory.ts';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { sizes, tokenHeader, withCluster } from '../sandbox.ts';

const connections = 8;

/** How many requests a second one sandbox of 10,000 guests answers, small ones and its largest, and what it weighs. */
export function sandboxLoad({ short }: Effort): AsyncIterable<Figure> {
  const seconds = short ? 1 : 5;
  return withCluster(sizes[2], async function* (sandbox) {
    const name = 'sandbox of 10,000 guests';
    yield atMost({ figure: `${name}: start`, value: sandbox.startMs, unit: 'ms' }, 3_000);
    yield { figure: `${name}: memory after start`, value: memoryMiB(sandbox.pid), unit: 'MiB' };
    for (const path of ['/version', '/nodes', '/cluster/resources']) {
      await rate(sandbox, path, 1);
      yield { figure: `${name}: GET ${path}`, value: await rate(sandbox, path, seconds), unit: 'per_s' };
    }
    yield { figure: `${name}: memory under load`, value: memoryMiB(sandbox.pid), unit: 'MiB' };
  });
}

/** Requests a second over a few kept-alive connections; bodies are read to their end and not parsed. */
async function rate(sandbox: RunningSandbox, path: string, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca: sandbox.certificate });
  const url = `${sandbox.url}/api2/json${path}`;
  const headers = tokenHeader(sandbox);
  const until = performance.now() + seconds * 1000;
  const started = performance.now();
  let done = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      await drained(url, headers, agent);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  agent.destroy();
  return done / ((performance.now() - started) / 1000);
}

function drained(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.on('end', resolve).resume();
    }).on('error', reject);
  });
}
