import { createAssistant } from '@pxa/assistant';
import { connect } from '@pxa/pve';
import { parseFaults, type SandboxOptions, startSandbox } from '@pxa/sandbox';
import { expect, test } from 'vitest';
import { textOf } from '../../tools/repository.ts';

/** The JSON of a code block of docs/sandbox.md, by the name of the file that it stands for. */
function example(name: string): unknown {
  const block = new RegExp(`^\`\`\`json ${name}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(textOf('docs/sandbox.md'));
  return JSON.parse(block?.[1] ?? '');
}

/** What the assistant says of a sandbox that is started so. */
async function asked(options: SandboxOptions, request: string): Promise<string> {
  const sandbox = await startSandbox(options);
  const cluster = connect({
    url: sandbox.url,
    auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
    tls: { fingerprint: sandbox.fingerprint },
  });
  const assistant = createAssistant({ cluster, now: () => sandbox.clock.now(), ids: () => 'one' });
  const { text } = await assistant.ask({ request });
  await assistant.close();
  await sandbox.close();
  return text;
}

// The file is JSON; the sandbox itself says where it is not a world.
const world = example('world.json') as Record<string, unknown>;

const cases: [request: string, says: RegExp][] = [
  ['list all guests', /web-01 +pve1 +running +0\.5\/2 +2048\/4096 MB/],
  ['how are my nodes doing?', /pve1 +online +10% \(8c\) +12\/32 GB/],
  ['list storages', /local-lvm .*\(40%\)/],
  ['nics of web-01', /BC:24:11:00:00:01/],
];
test.each(cases)('the small world answers: %s', async (request, says) => {
  expect(await asked({ world }, request)).toMatch(says);
});

test('the faults are taken, and one of them shows', async () => {
  const faults = parseFaults(example('faults.json'));
  expect(faults).toHaveLength(4);
  const down = faults.filter(({ fault }) => fault === 'node_down');
  expect(await asked({ faults: down }, 'kernel version of all nodes')).toMatch(/pve-node02 is offline/);
});
