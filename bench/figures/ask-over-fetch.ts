import { ask, Run } from '@pxa/ask';
import { datasets, defaultThresholds } from '@pxa/catalog';
import type { Query } from '@pxa/contract';
import { connect, type Cluster } from '@pxa/pve';
import type { RunningSandbox } from '../../e2e/product.ts';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { bareGet, sizes, withCluster } from '../sandbox.ts';
import { compare, processorMs } from '../timing.ts';

/** Every guest, with the columns that a list shows. */
const query: Query = { dataset: 'guests' };

/**
 * A query's whole way, from the query to a view with evidence in every cell, over what any client has to do at least:
 * fetch the same bodies and parse them. Connections are warm on both sides.
 */
export async function* askOverFetch({ short }: Effort): AsyncGenerator<Figure> {
  for (const size of sizes) {
    yield* withCluster(size, async function* (sandbox) {
      const cluster = connect({
        url: sandbox.url,
        auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
        tls: { fingerprint: sandbox.fingerprint },
      });
      try {
        const { paths, rows } = await answer(cluster);
        if (rows !== size.guests) throw new Error(`${rows} rows of ${size.guests} guests`);
        const rounds = short ? 10 : 60;
        const { a, b, ratio } = await compare(
          rounds,
          () => answer(cluster),
          () => bodies(sandbox, paths),
        );
        const figure = `ask over fetch and JSON.parse, ${size.guests} guests`;
        yield atMost({ figure, value: a, unit: 'ms', against: b, ratio }, 1.3);
        // The sandbox's own work is in both times; what the client alone does is in neither's favour here.
        const [ours, theirs] = [
          await processorMs(rounds, () => answer(cluster)),
          await processorMs(rounds, () => bodies(sandbox, paths)),
        ];
        yield {
          figure: `${figure}: processor time of the client`,
          value: ours,
          unit: 'ms',
          against: theirs,
          ratio: ours / theirs,
        };
      } finally {
        await cluster.close();
      }
    });
  }
}

/** Answers the query once, and gives the paths that it read and how many rows came of them. */
async function answer(cluster: Cluster): Promise<{ paths: string[]; rows: number }> {
  const session = cluster.session();
  const run = new Run(session.reader, datasets, () => 0);
  const { view } = await ask(run, query, defaultThresholds);
  return { paths: session.calls.map(({ path }) => path), rows: view.rows.length };
}

async function bodies(sandbox: RunningSandbox, paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => bareGet(sandbox, path)));
}
