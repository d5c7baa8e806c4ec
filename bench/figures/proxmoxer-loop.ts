import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../e2e/command.ts';
import { pythonWithProxmoxer } from '../../e2e/clients/proxmoxer.ts';
import type { RunningSandbox } from '../../e2e/product.ts';
import { root } from '../../tools/repository.ts';
import type { Effort, Figure } from '../figure.ts';
import { askOnce, built } from '../pxa.ts';
import { sizes, withCluster } from '../sandbox.ts';
import { compare } from '../timing.ts';

const question = 'list all guests';

/**
 * The inventory of a cluster of 16 nodes and 1,000 guests, each as a process from its start to its end: the built pxa,
 * with every cell and its evidence as JSON, over proxmoxer in the way its documentation writes it, a loop over the nodes.
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
      const pxa = await built();
      const { view, calls } = await askOnce(pxa, sandbox, question);
      const listed = await loop();
      if (view?.rows.length !== listed) throw new Error(`pxa lists ${view?.rows.length} guests, the loop ${listed}`);
      const { a, b, ratio } = await compare(short ? 3 : 15, () => askOnce(pxa, sandbox, question), loop);
      const inventory = 'inventory of 1,000 guests on 16 nodes';
      yield { figure: `${inventory}: pxa ask, built, over a proxmoxer loop`, value: a, unit: 'ms', against: b, ratio };
      const loopCalls = 1 + 2 * sizes[1].nodes;
      const ratioOfCalls = calls.length / loopCalls;
      yield {
        figure: `${inventory}: calls`,
        value: calls.length,
        unit: 'calls',
        against: loopCalls,
        ratio: ratioOfCalls,
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  });
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
