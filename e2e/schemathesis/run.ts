import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SandboxClock } from '@pxa/sandbox';
import { Lab } from '../../apps/server/testing/lab.ts';
import { root } from '../../tools/repository.ts';
import { run } from '../command.ts';
import { lastLine, pythonWith } from '../python.ts';
import { checksIn } from './report.ts';

/** When it all happens: 23 February 2026, 10:00; it goes by faster than here, so that jobs end. */
const NOW_MS = Date.UTC(2026, 1, 23, 10);
const RATE = 30;
/** More requests than it makes. */
const MANY = 1_000_000;

/** What has to hold for every answer: no error of ours, nothing that the document does not tell. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
];

/**
 * Schemathesis, which makes requests of the API's document, good ones and bad ones, against the service over a sandbox:
 * `--examples N` for each route, `--seed N` for a run to be had again.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { examples: { type: 'string' }, seed: { type: 'string' } } });
  const python = await pythonWith('pxa-schemathesis', join(root, 'e2e/schemathesis/requirements.txt'));
  if ('missing' in python) {
    console.log(`skipped: ${python.missing}`);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'pxa-schemathesis-'));
  const limits = { authentication: MANY, vm: MANY, read: MANY, bulk: MANY, ai: MANY };
  const lab = await Lab.start({ clock: new SandboxClock(NOW_MS, RATE) }, { limits });
  try {
    const url = await lab.app.listen({ port: 0, host: '127.0.0.1' });
    const report = join(folder, 'report.json');
    const ended = await run(
      join(python.bin, 'schemathesis'),
      [
        ...['--config-file', join(root, 'e2e/schemathesis/schemathesis.toml'), 'run'],
        `${url}/v1/openapi.json`,
        ...['--url', url, '--header', `Authorization: Bearer ${await lab.token(['admin'])}`],
        ...['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--continue-on-failure'],
        // After it, everything that changes something is refused.
        ...['--exclude-path', '/v1/maintenance'],
        // It never ends.
        ...['--exclude-path', '/v1/events'],
        ...['--max-examples', values.examples ?? '20', '--seed', values.seed ?? '1', '--request-timeout', '20'],
        ...['--report', 'json', '--report-json-path', report, '--no-color', '--output-truncate', 'true'],
      ],
      { cwd: folder, timeoutMs: 1_200_000 },
    );
    console.log(ended.stdout.split('\n').slice(-400).join('\n'));
    const { passed, failed } = await checksIn(report);
    if (!ended.ok && failed === 0) console.log(`Schemathesis ended before its time: ${lastLine(ended)}`);
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = ended.ok && passed > 0 ? 0 : 1;
  } finally {
    await lab.close();
    await rm(folder, { recursive: true });
  }
}

await main();
