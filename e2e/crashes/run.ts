/**
 * `npm run test:crashes`: a request under a key, and the process that serves it killed after each of its writes; the
 * same request again, to another process, on each engine. It must have acted once, and be one job.
 *
 *     npm run test:crashes -- --engine postgres --from 5
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { StorePlace } from '@pxa/store';
import { freshPostgres, postgresLacks } from '../../packages/store/testing/postgres.ts';
import { type Asked, crash } from './crash.ts';

/** More than any of these requests and its job write. */
const MOST_WRITES = 30;

const { values } = parseArgs({ options: { engine: { type: 'string' }, from: { type: 'string', default: '1' } } });
const folder = await mkdtemp(join(tmpdir(), 'pxa-crashes-'));
process.env['TMPDIR'] = folder;
let files = 0;
const engines: { name: string; step: number; fresh: () => Promise<StorePlace> }[] = [
  { name: 'sqlite', step: 1, fresh: () => Promise.resolve({ kind: 'sqlite', file: join(folder, `${++files}.db`) }) },
];
const lacks = postgresLacks();
// What differs there is the queue, which takes its time to tell that a process is dead: every other point does.
if (lacks === undefined) {
  engines.push({ name: 'postgres', step: 2, fresh: async () => ({ kind: 'postgres', url: await freshPostgres() }) });
} else console.log(`PostgreSQL is left out: ${lacks}`);

let passed = 0;
let failed = 0;
try {
  for (const { name, step, fresh } of engines) {
    if (values.engine !== undefined && values.engine !== name) continue;
    await Promise.all((['change', 'approval'] as const).map((asked) => everyPoint(name, { asked, step, fresh })));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function everyPoint(
  name: string,
  { asked, step, fresh }: { asked: Asked; step: number; fresh: () => Promise<StorePlace> },
): Promise<void> {
  for (let writes = Number(values.from); writes <= MOST_WRITES; writes += step) {
    const { wrong, died } = await crash(await fresh(), asked, writes);
    if (wrong.length === 0) passed += 1;
    else failed += 1;
    const fate = died ? `killed after write ${writes}` : `came to its end with fewer than ${writes} writes`;
    console.log(`${name}, ${asked}: ${fate}: ${wrong.join('; ') || 'ok'}`);
    if (!died) return;
  }
}
