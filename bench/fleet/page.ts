import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatted } from '../../tools/formatted.ts';
import { root } from '../../tools/repository.ts';
import { type Cost, type Costs, type Fleet, FLEETS, needsOf } from './needs.ts';
import { simulate } from './simulate.ts';

/** Puts what was measured into the page, in the place that is kept for it. */
export async function record(costs: Costs): Promise<void> {
  const path = 'docs/scale.md';
  const page = join(root, path);
  const text = await readFile(page, 'utf8');
  const [begin, end] = ['<!-- figures: written by node bench/fleet.ts --record -->', '<!-- end of figures -->'];
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`${page} has no place for figures`);
  const body = [
    begin,
    '',
    `${costs.measured}, a cluster of ${costs.guests.toLocaleString('en')} guests.`,
    '',
    ...costTable(costs),
    '',
    ...fleetTable(costs),
    '',
    ...simulatedTable(costs),
    '',
  ].join('\n');
  await writeFile(page, await formatted(path, `${text.slice(0, before)}${body}\n${text.slice(after)}`));
}

function costTable({ replicaSecond, clusterSecond, list, change }: Costs): string[] {
  const row = (name: string, of: Cost): string =>
    `| ${name} | ${of.cpuMs.toFixed(1)} ms | ${of.databaseMs.toFixed(2)} ms | ${of.transactions.toFixed(1)} | ${Math.round(of.bytes)} |`;
  return [
    '| unit | processor of a replica | time in PostgreSQL | transactions | bytes that stay |',
    '| --- | --- | --- | --- | --- |',
    row('a replica, a second of nothing to do', replicaSecond),
    row('a cluster that is followed, a second', clusterSecond),
    row('a list of 100 of the guests', list),
    row('a change, from its request to the end of its job', change),
  ];
}

function fleetTable(costs: Costs): string[] {
  return [
    '| fleet | replicas of one processor | PostgreSQL: processors in use | transactions a second | growth a day |',
    '| --- | --- | --- | --- | --- |',
    ...FLEETS.map((fleet) => fleetRow(fleet, costs)),
  ];
}

function fleetRow(fleet: Fleet, costs: Costs): string {
  const { replicas, databaseProcessors, transactionsPerSecond, bytesPerDay } = needsOf(fleet, costs);
  const size = `${(bytesPerDay / 2 ** 30).toFixed(1)} GiB`;
  return `| ${named(fleet)} | ${replicas} | ${databaseProcessors.toFixed(2)} | ${Math.round(transactionsPerSecond)} | ${size} |`;
}

function simulatedTable(costs: Costs): string[] {
  return [
    '| busiest hour, played | replicas | processor used: on average, the busiest | a list: p50, p99 | p99 in the minute after a replica died | a change answered: p99 |',
    '| --- | --- | --- | --- | --- | --- |',
    ...FLEETS.map((fleet) => simulatedRow(fleet, costs)),
  ];
}

function simulatedRow(fleet: Fleet, costs: Costs): string {
  const { replicas } = needsOf(fleet, costs);
  const { used, usedMost, listP50, listP99, afterDeathP99, changeP99 } = simulate(fleet, costs, replicas);
  const [percent, ms] = [
    (of: number) => `${(of * 100).toFixed(0)}%`,
    (of: number | null) => (of === null ? '' : `${Math.round(of)} ms`),
  ];
  const lists = `${ms(listP50)}, ${ms(listP99)}`;
  return `| ${named(fleet)} | ${replicas} | ${percent(used)}, ${percent(usedMost)} | ${lists} | ${ms(afterDeathP99)} | ${ms(changeP99)} |`;
}

const named = ({ clusters }: Fleet): string =>
  clusters === 1 ? '1 cluster' : `${clusters.toLocaleString('en')} clusters`;
