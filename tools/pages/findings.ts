import { type Dataset, defaultThresholds, type FindingRule } from '@pxa/catalog';
import type { Placed } from './questions.ts';

/** What each threshold means; one that is missing here does not compile. */
const meanings: Record<keyof typeof defaultThresholds, string> = {
  memory: 'share of memory in use, of a node or a guest',
  cpu: 'share of CPU in use, of a node or a guest',
  storage: 'share of a storage, root file system, ZFS pool or guest disk in use',
  fragmentation: 'fragmentation of a ZFS pool',
  wearoutLeftPercent: 'percent of its life that an SSD has left',
  certificateDays: 'days until a certificate, user or token ends',
  snapshotDays: 'days since a snapshot was taken',
  scrubDays: "days since a ZFS pool's last scrub",
};

const when = { shown: 'with its columns', focused: 'asked about', always: 'always' } as const;

/** docs/findings.md: the thresholds, and every finding by its code. */
export function findingsPage(placed: readonly Placed[]): string {
  const datasets = placed.flatMap(({ capability }) => capability.datasets);
  return `# Findings and thresholds

Written by \`npm run generate\` from the catalogue. A finding tells what the keeper of a cluster should know of the rows that
were asked for: a severity, a stable code, what it is about, a text, what to do next, and where its figures were read.

It is looked for when the columns that it rests on are shown, only when the question is about one of them, or always:
then what it needs is read as well. "is everything ok?" asks about the cluster's main areas at once. A figure that is unknown makes no finding.

## Thresholds

Shares are fractions of 1. [The command line's settings](command-line.md#settings) change them.

| threshold | default | of |
| --- | --- | --- |
${Object.entries(meanings)
  .map(
    ([name, meaning]) => `| \`${name}\` | ${defaultThresholds[name as keyof typeof defaultThresholds]} | ${meaning} |`,
  )
  .join('\n')}

## Findings by code

The severity is the usual one; the guides tell when it is graver.

| code | severity | of | rests on | looked for |
| --- | --- | --- | --- | --- |
${datasets.flatMap(rowsOf).sort().join('\n')}

Besides: \`answer.incomplete\` names a part of the answer that could not be had and why, \`request.note\` how the words were
taken, \`advice.migrate\` and \`advice.overcommitted\` come with an analysis of capacity.
`;
}

function rowsOf(dataset: Dataset): string[] {
  return (dataset.findings ?? []).map((rule) => rowOf(dataset, rule));
}

function rowOf({ title, columns }: Dataset, rule: FindingRule): string {
  const needs = rule.needs.map((column) => (columns[column]?.label ?? column).toLowerCase());
  return `| \`${rule.code}\` | ${rule.severity} | ${title} | ${needs.join(', ')} | ${when[rule.when ?? 'shown']} |`;
}
