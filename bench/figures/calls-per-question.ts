import { atMost, type Effort, type Figure } from '../figure.ts';
import { askOnce, fromCheckout } from '../pxa.ts';
import { withCluster, type Size } from '../sandbox.ts';

/** As many nodes in both: some questions take a call for each. */
const nodes = 8;

/** Questions that a fixed number of calls answers, however many guests there are. */
const questions = [
  'how many containers are there?',
  'which VM uses the most memory?',
  'list all containers',
  'which guests use more than 80% of their memory?',
  'how many guests per node?',
  'how are my nodes doing?',
  'which guests are not backed up?',
] as const;

/** How many calls a question takes with 10,000 guests, over how many it takes with 10: they must be as many. */
export async function* callsPerQuestion({ short }: Effort): AsyncGenerator<Figure> {
  const asked = short ? questions.slice(0, 3) : questions;
  const few = await countCalls({ guests: 10, nodes }, asked);
  const many = await countCalls({ guests: 10_000, nodes }, asked);
  for (const question of asked) {
    const [calls, before] = [many.get(question) ?? Number.NaN, few.get(question) ?? Number.NaN];
    const figure = `calls for "${question}" with 10,000 guests over 10`;
    yield atMost({ figure, value: calls, unit: 'calls', against: before, ratio: calls / before }, 1);
  }
}

async function countCalls(size: Size, asked: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const counting = withCluster(size, async function* (sandbox) {
    for (const question of asked) {
      const { calls } = await askOnce(fromCheckout, sandbox, question);
      yield [question, calls.length] as const;
    }
  });
  for await (const [question, calls] of counting) counts.set(question, calls);
  return counts;
}
