import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fails, rounded, type Figure, type Measurement } from './figure.ts';
import { askOverFetch } from './figures/ask-over-fetch.ts';
import { callsPerQuestion } from './figures/calls-per-question.ts';
import { carryingOut } from './figures/carrying-out.ts';
import { commandLine } from './figures/command-line.ts';
import { proxmoxerLoop } from './figures/proxmoxer-loop.ts';
import { sandboxLoad } from './figures/sandbox-load.ts';
import { sentences } from './figures/sentences.ts';
import { serviceJobs } from './figures/service-jobs.ts';
import { serviceReads } from './figures/service-reads.ts';
import { wordsToPlan } from './figures/words-to-plan.ts';
import { record } from './record.ts';

const measurements: Record<string, Measurement> = {
  sentences,
  'ask-over-fetch': askOverFetch,
  'calls-per-question': callsPerQuestion,
  'words-to-plan': wordsToPlan,
  'carrying-out': carryingOut,
  'command-line': commandLine,
  'proxmoxer-loop': proxmoxerLoop,
  'sandbox-load': sandboxLoad,
  'service-reads': serviceReads,
  'service-jobs': serviceJobs,
};

const usage = `usage: npm run bench -- [--short] [--record] [NAME…]
Prints one JSON line a figure. Exit 1 if a goal was missed or a figure could not be measured.
--short   fewer samples, for every change: fails where a time is more than half beyond its goal
--record  writes the figures into docs/performance.md; needs all of them, measured in full
Names: ${Object.keys(measurements).join(', ')}`;

interface Options {
  short: boolean;
  record: boolean;
  names: readonly string[];
}

/** Measures one after another, never side by side: each has the machine to itself. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const [loadBefore = 0] = loadavg();
  const figures: Figure[] = [];
  let complete = true;
  for (const [name, measure] of Object.entries(measurements)) {
    if (options.names.length > 0 && !options.names.includes(name)) continue;
    complete = (await print(name, measure, options, figures)) && complete;
  }
  if (options.record && complete) await record(figures, loadBefore);
}

/** The command's options, or nothing where they make no sense. */
function readOptions(): Options | undefined {
  const { values, positionals: names } = parseArgs({
    options: { short: { type: 'boolean', default: false }, record: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (names.some((name) => measurements[name] === undefined)) return undefined;
  return values.record && (values.short || names.length > 0) ? undefined : { ...values, names };
}

/** Prints a measurement's figures as they come, and collects them; false if they could not all be measured. */
async function print(name: string, measure: Measurement, { short }: Options, figures: Figure[]): Promise<boolean> {
  try {
    for await (const exact of measure({ short })) {
      const figure = rounded(exact);
      console.log(JSON.stringify(figure));
      figures.push(figure);
      if (fails(figure, { short })) process.exitCode = 1;
    }
    return true;
  } catch (error) {
    console.error(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return false;
  }
}

await main();
