import type { Cluster } from '@pxa/pve';
import type { RunningSandbox } from '../../e2e/product.ts';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { clientOf, plan } from '../jobs.ts';
import { bareGet, sizes, withCluster } from '../sandbox.ts';
import { compare } from '../timing.ts';

/** Orders about one guest; `{running}` is one that runs. */
const orders = ['stop {running}', 'create a snapshot of {running} called bench', 'tag {running} with bench'] as const;

/**
 * From an order in words to its plan, with every guard looked at, over fetching and parsing what has to be read for that:
 * the list of what there is, then what the order is about, side by side. The same with the rehearsal, over its reads.
 */
export async function* wordsToPlan({ short }: Effort): AsyncGenerator<Figure> {
  const size = sizes[1];
  yield* withCluster(size, async function* (sandbox) {
    const cluster = clientOf(sandbox);
    try {
      for (const order of short ? orders.slice(0, 1) : orders) {
        yield* figuresOf(cluster, sandbox, { order, rounds: short ? 10 : 40 });
      }
    } finally {
      await cluster.close();
    }
  });
}

async function* figuresOf(
  cluster: Cluster,
  sandbox: RunningSandbox,
  { order, rounds }: { order: string; rounds: number },
): AsyncGenerator<Figure> {
  const words = order.replace('{running}', await runningGuest(sandbox));
  for (const isRehearsed of [false, true]) {
    const { paths } = await plan(cluster, sandbox, { words, isRehearsed });
    const { a, b, ratio } = await compare(
      rounds,
      () => plan(cluster, sandbox, { words, isRehearsed }),
      () => reads(sandbox, paths),
    );
    const figure = `"${order}" to its plan${isRehearsed ? ', rehearsed,' : ''} over its ${paths.length} reads`;
    const measured = { figure, value: a, unit: 'ms', against: b, ratio } as const;
    yield isRehearsed ? measured : atMost(measured, 1.5);
  }
}

/** The list first, since it tells where the rest is. */
async function reads(sandbox: RunningSandbox, [first = '', ...others]: readonly string[]): Promise<void> {
  await bareGet(sandbox, first);
  await Promise.all(others.map((path) => bareGet(sandbox, path)));
}

async function runningGuest(sandbox: RunningSandbox): Promise<string> {
  const { data } = (await bareGet(sandbox, '/api2/json/cluster/resources?type=vm')) as {
    data: { vmid: number; type: string; status: string }[]; // Proxmox's envelope
  };
  const found = data.find(({ type, status }) => type === 'qemu' && status === 'running');
  if (found === undefined) throw new Error('no VM runs');
  return String(found.vmid);
}
