import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { formatted } from '../../tools/formatted.ts';
import { root } from '../../tools/repository.ts';
import { type Cost, type Costs, type Fleet, FLEETS, needsOf } from './needs.ts';

/** Puts what was measured into the page, in the place that is kept for it. */
export async function record(costs: Costs, loadBefore: number): Promise<void> {
  const path = 'docs/scale.md';
  const page = join(root, path);
  const text = await readFile(page, 'utf8');
  const [begin, end] = ['<!-- figures: written by node bench/fleet.ts --record -->', '<!-- end of figures -->'];
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`${page} has no place for figures`);
  const body = [
    begin,
    '',
    machine(costs.guests, loadBefore),
    '',
    ...costTable(costs),
    '',
    ...fleetTable(costs),
    '',
  ].join('\n');
  await writeFile(page, await formatted(path, `${text.slice(0, before)}${body}\n${text.slice(after)}`));
}

function machine(guests: number, loadBefore: number): string {
  const processors = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day}: ${processors.length} × ${processors[0]?.model.trim()}, Node ${process.versions.node}, a cluster of ${guests.toLocaleString('en')} guests; load before: ${loadBefore.toFixed(1)}.`;
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
  return `| ${fleet.clusters.toLocaleString('en')} clusters | ${replicas} | ${databaseProcessors.toFixed(1)} | ${Math.round(transactionsPerSecond)} | ${size} |`;
}
