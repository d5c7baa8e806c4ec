import { parseArgs } from 'node:util';
import { rounded, type Measurement } from './figure.ts';
import { askOverFetch } from './figures/ask-over-fetch.ts';
import { callsPerQuestion } from './figures/calls-per-question.ts';
import { commandLine } from './figures/command-line.ts';
import { proxmoxerLoop } from './figures/proxmoxer-loop.ts';
import { sandboxLoad } from './figures/sandbox-load.ts';

const measurements: Record<string, Measurement> = {
  'ask-over-fetch': askOverFetch,
  'calls-per-question': callsPerQuestion,
  'command-line': commandLine,
  'proxmoxer-loop': proxmoxerLoop,
  'sandbox-load': sandboxLoad,
};

const usage = `usage: npm run bench -- [--short] [NAME…]
Prints one JSON line a figure. Exit 1 if a goal was missed or a figure could not be measured.
Names: ${Object.keys(measurements).join(', ')}`;

/** Measures one after another, never side by side: each has the machine to itself. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => measurements[name] === undefined);
  if (values.help || unknown !== undefined) {
    console.error(usage);
    process.exitCode = unknown === undefined ? 0 : 2;
    return;
  }
  for (const [name, measure] of Object.entries(measurements)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    await print(name, measure, values.short);
  }
}

async function print(name: string, measure: Measurement, short: boolean): Promise<void> {
  try {
    for await (const figure of measure({ short })) {
      console.log(JSON.stringify(rounded(figure)));
      if (figure.ok === false) process.exitCode = 1;
    }
  } catch (error) {
    console.error(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

await main();
