import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { run } from '../command.ts';
import { pythonWith } from '../python.ts';
import { environment, type Door } from './door.ts';
import { checksOf, type Outcome } from './report.ts';

const requirements = join(root, 'e2e/clients/python/requirements.txt');
/** A Python that has proxmoxer, or why there is none. */
export async function pythonWithProxmoxer(): Promise<{ python: string } | { missing: string }> {
  const found = await pythonWith('pxa-clients', requirements);
  return 'missing' in found ? found : { python: join(found.bin, 'python3') };
}

/** proxmoxer in the words of its users, by password and by token: what it reads, and what it changes elsewhere. */
export async function runProxmoxer(reading: Door, changing: Door): Promise<Outcome[]> {
  const client = 'proxmoxer';
  const found = await pythonWithProxmoxer();
  if ('missing' in found) return [{ client, skipped: found.missing }];
  const part = async (name: 'reads' | 'writes', door: Door): Promise<Outcome> => {
    const script = join(root, 'e2e/clients/python', `${name}.py`);
    const ended = await run(found.python, [script], { env: environment(door), timeoutMs: 180_000 });
    return { client: `${client}, ${name}`, checks: checksOf(ended) };
  };
  return Promise.all([part('reads', reading), part('writes', changing)]);
}
