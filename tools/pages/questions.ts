import { posix } from 'node:path';
import type { Capability, Dataset } from '@pxa/catalog';

/** A capability, and the folder of the project that it lies in. */
export interface Placed {
  readonly capability: Capability;
  readonly folder: string;
}

/** docs/questions.md: what can be asked, from the catalogue's own examples and columns. */
export function questionsPage(placed: readonly Placed[]): string {
  return `# What can be asked

Written by \`npm run generate\` from the catalogue. The examples are run as tests. Words are not fixed: these are some of
the ways to ask.

${placed.map(section).join('\n')}`;
}

function section({ capability, folder }: Placed): string {
  const { title, examples, datasets } = capability;
  return `## ${title}

[Guide](${posix.join('..', folder, 'guide.md')})

${examples.map(({ say }) => `- ${say}`).join('\n')}

${datasets.map(columnsOf).join('\n\n')}
`;
}

/** The columns by which rows can be shown, filtered, ordered and counted: each by what it is headed. */
function columnsOf({ title, columns }: Dataset): string {
  const labels = [...new Set(Object.values(columns).map(({ label }) => label.toLowerCase()))];
  return `${title}: ${labels.join(', ')}.`;
}
