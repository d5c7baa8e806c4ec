import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { bareJob, carryOut, clientOf, plan } from '../jobs.ts';
import { sizes, speedUp, withCluster } from '../sandbox.ts';
import { percentile } from '../timing.ts';

/** So fast that tasks are over when they are looked at for the second time, so that what is measured is what we do. */
const RATE = 60;
/** As many steps as are under way at a time by default. */
const AT_ONCE = 16;

/** A job over a bare loop that makes the same calls and follows the same tasks: time a step, and of a large job, memory. */
export async function* carryingOut({ short }: Effort): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'pxa-bench-'));
  try {
    yield* oneByOne(folder, short ? { guests: 10, rounds: 3 } : { guests: 20, rounds: 7 });
    yield* manyAtOnce(folder, short ? { guests: 100, nodes: 16 } : sizes[1]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a step costs beyond its own call and task: what it relies on is read, and each thing is kept before the next. */
async function* oneByOne(
  folder: string,
  { guests, rounds }: { guests: number; rounds: number },
): AsyncGenerator<Figure> {
  for (const [what, words] of [
    ['a call that is done when it is answered', 'tag all VMs with {name}'],
    ['a call with a task', 'take a snapshot of all running VMs'],
  ] as const) {
    const found = await measured({ folder, guests, nodes: 1, rounds }, words, 1);
    const beyond = found.map(({ steps, ours, theirs }) => (ours.ms - theirs.ms) / steps);
    const figure = `executor: what a step takes beyond a bare loop, ${what}`;
    yield atMost({ figure, value: percentile(beyond, 0.5), unit: 'ms' }, 20);
  }
}

async function* manyAtOnce(
  folder: string,
  { guests, nodes }: { guests: number; nodes: number },
): AsyncGenerator<Figure> {
  for (const { steps, ours, theirs } of await measured(
    { folder, guests, nodes, rounds: 1 },
    'take a snapshot of all guests',
    AT_ONCE,
  )) {
    const figure = `job of ${steps} snapshots over a bare loop`;
    yield { figure, value: ours.ms, unit: 'ms', against: theirs.ms, ratio: ours.ms / theirs.ms };
    yield { figure: `${figure}: memory of the process at the most`, value: ours.mib, unit: 'MiB', against: theirs.mib };
  }
}

interface Cost {
  readonly ms: number;
  /** How much memory the process held at the most. */
  readonly mib: number;
}

interface Both {
  readonly steps: number;
  readonly ours: Cost;
  readonly theirs: Cost;
}

interface Circumstances {
  readonly folder: string;
  readonly guests: number;
  readonly nodes: number;
  readonly rounds: number;
}

/** The same job carried out by the loop and by pxa, in turn, each with names of its own. */
async function measured(of: Circumstances, words: string, atOnce: number): Promise<Both[]> {
  const { folder, guests, nodes, rounds } = of;
  const found: Both[] = [];
  const measuring = withCluster(
    { guests, nodes },
    async function* (sandbox) {
      await speedUp(sandbox, RATE);
      const cluster = clientOf(sandbox);
      const planned = async (name: string): Promise<Planned> =>
        (await plan(cluster, sandbox, { words: words.replace('{name}', name), isRehearsed: false })).planned;
      try {
        // The first job loads code and warms it up.
        const warm = await plan(cluster, sandbox, { words: 'tag all VMs with warm', isRehearsed: false });
        await carryOut(cluster, sandbox, { planned: warm.planned, atOnce: AT_ONCE, folder });
        for (let round = 0; round < rounds; round++) {
          const { record } = await planned(`bare${round}`);
          const theirs = await cost(() => bareJob(sandbox, record, atOnce));
          const mine = await planned(`ours${round}`);
          const ours = await cost(async () => (await carryOut(cluster, sandbox, { planned: mine, atOnce, folder })).ms);
          yield { steps: record.plan.steps.length, ours, theirs };
        }
      } finally {
        await cluster.close();
      }
    },
    ['--control'],
  );
  for await (const both of measuring) found.push(both);
  return found;
}

type Planned = Awaited<ReturnType<typeof plan>>['planned'];

async function cost(work: () => Promise<number>): Promise<Cost> {
  let most = process.memoryUsage().rss;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  try {
    return { ms: await work(), mib: most / 2 ** 20 };
  } finally {
    clearInterval(watch);
  }
}
