import { posix } from 'node:path';
import type { Capability, Dataset } from '@pxa/catalog';

/** A capability, and the folder of the project that it lies in. */
export interface Placed {
  readonly capability: Capability;
  readonly folder: string;
}

/** docs/questions.md: what can be asked and done, from the catalogue's own examples and columns. */
export function questionsPage(placed: readonly Placed[]): string {
  return `# What can be asked, and done

Written by \`npm run generate\` from the catalogue. The examples are run as tests. Words are not fixed: these are some of
the ways to ask, or to order. An order becomes a plan, which a person approves.

${placed.map(section).join('\n')}`;
}

function section({ capability, folder }: Placed): string {
  const { title, examples, datasets, actions = [] } = capability;
  const asked = examples.map(({ say }) => `- ${say}`).join('\n');
  const done = actions.flatMap((action) =>
    action.examples.filter(({ sends }) => Array.isArray(sends)).slice(0, mostOrders),
  );
  const orders = done.map(({ say }) => `- ${say}`).join('\n');
  const parts = [
    `## ${title}`,
    `[Guide](${posix.join('..', folder, 'guide.md')})`,
    ...(asked === '' ? [] : [asked]),
    ...(orders === '' ? [] : [asked === '' ? orders : `Orders:\n\n${orders}`]),
    ...datasets.map(columnsOf),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Of each action: the rest are other wordings. */
const mostOrders = 2;

/** The columns by which rows can be shown, filtered, ordered and counted: each by what it is headed. */
function columnsOf({ title, columns }: Dataset): string {
  const labels = [...new Set(Object.values(columns).map(({ label }) => label.toLowerCase()))];
  return `${title}: ${labels.join(', ')}.`;
}
