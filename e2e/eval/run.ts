/**
 * `npm run eval`: asks every example on its cluster, in this process but over real HTTPS, and prints a table by family:
 * the shared examples where they are present, then `sentences/`. `-- --family F` asks one family, `--cluster C` one
 * cluster, `--verbose` shows what was answered, `--prune` takes what passes now off known-failures.json; `--file F [--world W --clock ISO --pve 8.4]` asks another file.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ClusterName, clusterNames, isHere, openCluster, openWorldFile, shared } from './clusters.ts';
import { examine, type Outcome } from './examine.ts';
import { knownFailures, pruneKnown } from './known.ts';
import { readFolder, readSentences, type Sentence } from './sentence.ts';

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    world: { type: 'string' },
    clock: { type: 'string', default: '2025-11-20T10:30:00Z' },
    pve: { type: 'string', default: '8.4' },
    cluster: { type: 'string' },
    family: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    prune: { type: 'boolean', default: false },
  },
});

const folder = import.meta.dirname;
const examples = join(shared, 'examples', 'asks.jsonl');
const known = knownFailures();
const outcomes: Outcome[] = [];

if (values.file !== undefined) await askFile(values.file);
else for (const name of clusterNames) await askCluster(name);
printTable();
if (values.prune) prune();
process.exitCode = outcomes.some(isNewFailure) ? 1 : 0;

async function askCluster(name: ClusterName): Promise<void> {
  if (values.cluster !== undefined && values.cluster !== name) return;
  if (!isHere(name)) return console.log(`skipped: the cluster “${name}” is not here`);
  const given = name === 'world' && existsSync(examples) ? readSentences(examples) : [];
  await askAll([...given, ...readFolder(join(folder, 'sentences', name))], () => openCluster(name));
}

async function askFile(file: string): Promise<void> {
  const { world, clock, pve } = values;
  const name = clusterNames.find((each) => each === values.cluster) ?? 'world';
  const open =
    world === undefined ? () => openCluster(name) : () => openWorldFile(world, clock, pve === '9.2' ? '9.2' : '8.4');
  await askAll(readSentences(file), open);
}

async function askAll(sentences: readonly Sentence[], open: () => ReturnType<typeof openCluster>): Promise<void> {
  const asked = sentences.filter(({ family }) => values.family === undefined || family === values.family);
  if (asked.length === 0) return;
  const { assistant, close } = await open();
  for (const sentence of asked) {
    const outcome = await examine(assistant, sentence);
    outcomes.push(outcome);
    printOutcome(outcome);
  }
  await close();
}

function isNewFailure({ result, sentence }: Outcome): boolean {
  return result === 'failed' && known[sentence.id] === undefined;
}

function printOutcome(outcome: Outcome): void {
  const { sentence, wrong, answer, result } = outcome;
  if (!values.verbose && !isNewFailure(outcome)) return;
  console.log(`${result === 'failed' ? 'FAIL' : 'ok  '} ${sentence.id}: ${sentence.turns.join(' / ')}`);
  for (const text of result === 'later' ? [] : wrong) console.log(`       ${text}`);
  const lines = answer.text.split('\n');
  console.log((values.verbose ? lines : lines.slice(0, 4)).map((line) => `     | ${line}`).join('\n'));
}

function printTable(): void {
  const count = (list: readonly Outcome[], result: Outcome['result']): number =>
    list.filter((each) => each.result === result).length;
  const families = Map.groupBy(outcomes, ({ sentence }) => sentence.family);
  console.log(`\n${'family'.padEnd(20)} passed failed recognised, not planned yet`);
  for (const [name, list] of families) {
    const figures = (['passed', 'failed', 'later'] as const).map((result) => String(count(list, result)).padStart(6));
    console.log(`${name.padEnd(20)} ${figures.join(' ')}`);
  }
  const failed = outcomes.filter(isNewFailure).length;
  const listed = count(outcomes, 'failed') - failed;
  console.log(
    `${count(outcomes, 'passed')} passed, ${failed} failed, ${listed} known to fail, ${count(outcomes, 'later')} skipped`,
  );
}

function prune(): void {
  const passed = outcomes.filter(({ result }) => result === 'passed').map(({ sentence }) => sentence.id);
  const { off, left } = pruneKnown(new Set(passed));
  console.log(`${off} taken off known-failures.json, ${left} left`);
}
