import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../e2e/command.ts';
import type { RunningSandbox } from '../../e2e/product.ts';
import { root } from '../../tools/repository.ts';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { askOnce, built, fromCheckout, type Start } from '../pxa.ts';
import { withDemo } from '../sandbox.ts';
import { compare } from '../timing.ts';

const question = 'which VM uses the most memory?';

/** From start to answer on the sandbox, over a bare script that makes the same requests and prints their JSON. */
export function commandLine({ short }: Effort): AsyncIterable<Figure> {
  const rounds = short ? 5 : 21;
  return withDemo(async function* (sandbox) {
    const folder = await mkdtemp(join(tmpdir(), 'pxa-bench-'));
    try {
      const bare = await bareScript(sandbox, folder);
      const starts: [name: string, start: Start, goal: number][] = [
        ['built', await built(), 3],
        ['from a checkout', fromCheckout, 6],
      ];
      for (const [name, start, goal] of starts) {
        const { a, b, ratio } = await compare(rounds, () => askOnce(start, sandbox, question), bare);
        const figure = `pxa ask, ${name}, over a bare request`;
        yield atMost({ figure, value: a, unit: 'ms', against: b, ratio }, goal);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

async function bareScript(sandbox: RunningSandbox, folder: string): Promise<() => Promise<void>> {
  const { calls } = await askOnce(fromCheckout, sandbox, question);
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, sandbox.certificate);
  const token = `${sandbox.tokenId}=${sandbox.tokenSecret}`;
  const args = [join(root, 'bench/bare-request.mjs'), sandbox.url, caFile, token, ...calls.map(({ path }) => path)];
  return async () => {
    const ended = await run(process.execPath, args);
    if (!ended.ok) throw new Error(`the bare request failed: ${ended.stderr}`);
  };
}
