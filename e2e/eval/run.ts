/**
 * `npm run eval`: asks every example on its cluster, in this process but over real HTTPS, and prints a table by family.
 * `-- --file F --world W --clock ISO --pve 8.4` for other examples; `--verbose` shows what was answered; `--family F`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createAssistant } from '@pxa/assistant';
import type { Answer } from '@pxa/contract';
import { connect } from '@pxa/pve';
import { startSandbox } from '@pxa/sandbox';
import { type Expect, wrongs } from './expect.ts';

interface Ask {
  readonly id: string;
  readonly family: string;
  readonly turns: readonly string[];
  readonly expect: Expect;
}

const shared = process.env['PXA_SHARED'] ?? new URL('../../../shared', import.meta.url).pathname;
const { values } = parseArgs({
  options: {
    file: { type: 'string', default: `${shared}/examples/asks.jsonl` },
    world: { type: 'string', default: `${shared}/examples/world.json` },
    clock: { type: 'string', default: '2025-11-20T10:30:00Z' },
    pve: { type: 'string', default: '8.4' },
    family: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

if (!existsSync(values.file) || !existsSync(values.world)) {
  console.log(`skipped: ${values.file} or ${values.world} is not here`);
  process.exit(0);
}

/** Whether what is expected is a change: a plan, or a question back about one. */
function isChange({ expect }: Ask): boolean {
  return expect.steps !== undefined || expect.any_of?.some(({ steps }) => steps !== undefined) === true;
}

const asks = readFileSync(values.file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as Ask)
  .filter(({ family }) => values.family === undefined || family === values.family);

const sandbox = await startSandbox({
  world: JSON.parse(readFileSync(values.world, 'utf8')) as Record<string, unknown>,
  clock: new Date(values.clock),
  pve: values.pve === '9.2' ? '9.2' : '8.4',
});
const cluster = connect({
  url: sandbox.url,
  auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
  tls: { fingerprint: sandbox.fingerprint },
});
let ids = 0;
const assistant = createAssistant({ cluster, now: () => sandbox.clock.now(), ids: () => `c${++ids}` });

const families = new Map<string, { passed: number; failed: number; later: number }>();
let failed = 0;
let passed = 0;
let later = 0;
for (const one of asks) {
  let answer: Answer | undefined;
  const id = `c${++ids}`;
  for (const turn of one.turns) answer = await assistant.ask({ request: turn, conversation_id: id });
  if (answer === undefined) continue;
  const wrong = wrongs(answer, one.expect);
  const family = families.get(one.family) ?? { passed: 0, failed: 0, later: 0 };
  families.set(one.family, family);
  const isLater = isChange(one) && answer.kind === 'unavailable';
  if (isLater) (family.later++, later++);
  else if (wrong.length === 0) (family.passed++, passed++);
  else (family.failed++, failed++);
  if (values.verbose || (wrong.length > 0 && !isLater)) {
    console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${one.id}: ${one.turns.join(' / ')}`);
    for (const text of wrong) console.log(`       ${text}`);
    if (values.verbose) console.log(answer.text.replace(/^/gm, '     | '));
    else console.log(`     | ${answer.text.split('\n').slice(0, 4).join('\n     | ')}`);
  }
}
await assistant.close();
await sandbox.close();

console.log(`\n${'family'.padEnd(20)} passed failed recognised, not planned yet`);
for (const [name, count] of families) {
  console.log(
    `${name.padEnd(20)} ${String(count.passed).padStart(6)} ${String(count.failed).padStart(6)} ${String(count.later).padStart(6)}`,
  );
}
console.log(`${passed} passed, ${failed} failed, ${later} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
