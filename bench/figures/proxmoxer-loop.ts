import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../e2e/command.ts';
import { pythonWithProxmoxer } from '../../e2e/clients/proxmoxer.ts';
import type { RunningSandbox } from '../../e2e/product.ts';
import { root } from '../../tools/repository.ts';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { askOnce, fromCheckout, type Answered } from '../pxa.ts';
import { sizes, withCluster } from '../sandbox.ts';
import { compare } from '../timing.ts';

const question = 'list all guests';

/**
 * The inventory of a cluster of 16 nodes and 1,000 guests, each as a process from its start to its end: pxa from a
 * checkout, over proxmoxer in the way its documentation writes it, a loop over the nodes.
 */
export async function* proxmoxerLoop({ short }: Effort): AsyncGenerator<Figure> {
  const found = await pythonWithProxmoxer();
  if ('missing' in found) {
    console.error(`proxmoxer-loop is left out: ${found.missing}`);
    return;
  }
  yield* withCluster(sizes[1], async function* (sandbox) {
    const folder = await mkdtemp(join(tmpdir(), 'pxa-bench-'));
    try {
      const caFile = join(folder, 'ca.pem');
      await writeFile(caFile, sandbox.certificate);
      const loop = (): Promise<number> => loopOverNodes(found.python, sandbox, caFile);
      const { view, calls } = await inventory(sandbox);
      const listed = await loop();
      if (view?.rows.length !== listed) throw new Error(`pxa lists ${view?.rows.length} guests, the loop ${listed}`);
      const { a, b, ratio } = await compare(short ? 3 : 11, () => inventory(sandbox), loop);
      const figure = 'inventory of 1,000 guests on 16 nodes: pxa ask over a proxmoxer loop';
      yield atMost({ figure, value: a, unit: 'ms', against: b, ratio }, 1);
      yield { figure: 'inventory of 1,000 guests on 16 nodes: calls of pxa', value: calls.length, unit: 'calls' };
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

async function inventory(sandbox: RunningSandbox): Promise<Answered> {
  return askOnce(fromCheckout, sandbox, question);
}

async function loopOverNodes(python: string, sandbox: RunningSandbox, caFile: string): Promise<number> {
  const ended = await run(python, [join(root, 'bench/proxmoxer_loop.py')], {
    env: {
      PVE_URL: sandbox.url,
      PVE_TOKEN_ID: sandbox.tokenId,
      PVE_TOKEN_SECRET: sandbox.tokenSecret,
      PVE_CA_FILE: caFile,
    },
  });
  if (!ended.ok) throw new Error(`the loop failed: ${ended.stderr.trim().split('\n').at(-1)}`);
  return ended.stdout.trim().split('\n').length;
}
