/**
 * `npm run test:kill`: processes that carry jobs out on a sandbox are killed with SIGKILL at moments of a seed, or stopped
 * for longer than their lease, on every engine of the store that this machine has; each write must come in once.
 *
 *     npm run test:kill -- --rounds 100 --commands 3 --seed 1 --lanes 8
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { StorePlace } from '@pxa/store';
import { Random } from '../../packages/sandbox/worlds/random.ts';
import { freshPostgres, postgresLacks } from '../../packages/store/testing/postgres.ts';
import { ANSWERED_AFTER_MS, killCommand } from './command.ts';
import { playRounds } from './rounds.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '8' },
    commands: { type: 'string', default: '3' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'pxa-kill-'));
process.env['TMPDIR'] = folder;
let files = 0;
const engines: (() => Promise<StorePlace>)[] = [
  () => Promise.resolve({ kind: 'sqlite', file: join(folder, `store-${++files}.db`) }),
];
const lacks = postgresLacks();
if (lacks === undefined) engines.push(async () => ({ kind: 'postgres', url: await freshPostgres() }));
else console.log(`PostgreSQL is left out: ${lacks}`);
try {
  const options = { rounds: Number(values.rounds), lanes: Number(values.lanes), engines };
  const random = new Random(Number(values.seed));
  const commands = Array.from({ length: Number(values.commands) }, () => random.whole(0, ANSWERED_AFTER_MS - 200));
  const [{ passed, failed }, ...ends] = await Promise.all([
    playRounds(random, options, console.log),
    ...commands.map((ms) => throughCommandLine(ms)),
  ]);
  const wrong = ends.filter((isRight) => !isRight).length;
  console.log(`${passed + ends.length - wrong} passed, ${failed + wrong} failed`);
  process.exitCode = failed + wrong > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit();

async function throughCommandLine(afterMs: number): Promise<boolean> {
  const wrong = await killCommand('stop {running}', afterMs, folder);
  console.log(`pxa approve, killed ${afterMs} ms after its request came in: ${wrong.join('; ') || 'ok'}`);
  return wrong.length === 0;
}
