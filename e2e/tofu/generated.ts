import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SandboxClock } from '@pxa/sandbox';
import { Lab } from '../../apps/server/testing/lab.ts';
import type { Check } from '../clients/report.ts';
import { type Ended, run } from '../command.ts';
import { CONTEXTS, PROMPTS } from './prompts.ts';
import { workIn } from './workspace.ts';

const stepLimitMs = 120_000;
/** When it all happens; it goes by faster than here, so that tasks end. */
const NOW_MS = Date.UTC(2026, 1, 23, 10);
const RATE = 30;
/** More requests than are made. */
const MANY = 1_000_000;

/** The programs, the service, and a folder to work in. */
interface Bench {
  readonly programs: string;
  readonly lab: Lab;
  readonly token: string;
  readonly folder: string;
}

/**
 * What the service generates, in the hands of OpenTofu and the real provider: what words ask for is valid and laid out as
 * `tofu fmt` does; what is exported of each guest of the demo cluster is imported with nothing to add, change or destroy.
 */
export async function checkGenerated(programs: string, folder: string): Promise<Check[]> {
  const limits = { authentication: MANY, vm: MANY, read: MANY, bulk: MANY, ai: MANY };
  const lab = await Lab.start({ clock: new SandboxClock(NOW_MS, RATE) }, { limits });
  try {
    const token = await lab.token(['admin']);
    const bench = { programs, lab, token, folder };
    const asked = PROMPTS.flatMap((prompt) => CONTEXTS.map((context) => ({ prompt, context })));
    const checks: Check[] = [];
    for (const { prompt, context } of asked) checks.push(await checkWords(bench, prompt, context));
    return [...checks, ...(await checkExports(bench))];
  } finally {
    await lab.close();
  }
}

async function guests({ lab, token }: Bench): Promise<string[]> {
  const lists = ['vms', 'vms?template=true', 'containers'].map((path) => lab.send(`GET /v1/${path}`, token));
  return (await Promise.all(lists)).flatMap((got) =>
    [...got.list('data.vms'), ...got.list('data.containers')].map(({ id }) => String(id)),
  );
}

async function codeFor({ lab, token }: Bench, body: object): Promise<string> {
  const got = await lab.send('POST /v1/ai/generate', token, { output_format: 'terraform', ...body });
  if (got.status !== 200) throw new Error(`${got.status}: ${JSON.stringify(got.body)}`);
  return got.text('data.generated_code.code');
}

interface Exported {
  readonly id: string;
  readonly code: string;
  readonly rest: string;
}

/** All that is exported of guests: the code, and what it cannot say. */
async function exports({ lab, token }: Bench, ids: readonly string[]): Promise<readonly Exported[]> {
  const asked = ids.map(async (id) => {
    const got = await lab.send('POST /v1/ai/generate', token, { output_format: 'terraform', context: { export: id } });
    return {
      id,
      code: got.text('data.generated_code.code'),
      rest: JSON.stringify(got.at('data.generated_code.not_expressed')),
    };
  });
  return Promise.all(asked);
}

async function checkWords(bench: Bench, prompt: string, context: object): Promise<Check> {
  const name = `valid: ${prompt} ${JSON.stringify(context)}`;
  return inFolder(bench, name, await codeFor(bench, { prompt, context }), async (tofu) => [
    await tofu('fmt', '-check', '-diff'),
    await tofu('validate', '-no-color'),
  ]);
}

/** Settings that no code speaks of: they have to stay all the same. */
const ODD: Readonly<Record<number, Readonly<Record<string, string | number>>>> = {
  105: {
    cpu: 'x86-64-v2-AES,flags=+aes',
    net0: 'virtio=BC:24:11:00:00:69,bridge=vmbr0,firewall=1,tag=10,queues=2',
    scsi0: 'local-zfs:vm-105-disk-0,discard=on,iothread=1,size=50G,mbps_rd=10',
    audio0: 'device=ich9-intel-hda,driver=spice',
    rng0: 'source=/dev/urandom',
    watchdog: 'model=i6300esb,action=reset',
  },
  203: { features: 'nesting=1,keyctl=1', cpuunits: 500 },
};

function makeOdd({ sandbox }: Lab): void {
  for (const [vmid, settings] of Object.entries(ODD)) {
    const guest = sandbox.state.guests.get(Number(vmid));
    if (guest === undefined) throw new Error(`the demo cluster has no guest ${vmid}`);
    guest.config = { ...guest.config, ...settings };
  }
}

/** All guests of the demo cluster in one module: they are imported, nothing is made or removed, and nothing has changed. */
async function checkExports(bench: Bench): Promise<Check[]> {
  makeOdd(bench.lab);
  const ids = await guests(bench);
  const before = await exports(bench, ids);
  const all = before
    .map(({ code }, at) => (at === 0 ? code : code.slice(code.search(/^(variable|resource) /m))))
    .join('\n');
  const done = await inFolder(
    bench,
    `${ids.length} guests are imported, none made, replaced or removed`,
    all,
    async (tofu) => {
      const plan = await tofu('plan', '-input=false', '-no-color', '-out=plan');
      const isWhole = / to import, 0 to add, \d+ to change, 0 to destroy\./.test(plan.stdout);
      const formatted = await tofu('fmt', '-check', '-diff');
      return [formatted, { ...plan, ok: plan.ok && isWhole }, await tofu('apply', '-no-color', '-input=false', 'plan')];
    },
  );
  const after = await exports(bench, ids);
  const changed = before.flatMap((was, at) => difference(was, after[at]));
  const name = 'what is exported afterwards is the same: the imports have changed nothing';
  return [done, changed.length === 0 ? { name } : { name, problem: changed.join(' | ') }];
}

/** The lines that are not the same. */
function difference({ id, code, rest }: Exported, is: Exported | undefined): string[] {
  const was = `${code}\n${rest}`.split('\n');
  const now = `${is?.code ?? ''}\n${is?.rest ?? ''}`.split('\n');
  return was.flatMap((line, at) => (line === now[at] ? [] : [`${id}: ${line} → ${now[at] ?? ''}`])).slice(0, 3);
}

type Tofu = (...args: readonly string[]) => Promise<Ended>;

async function inFolder(
  bench: Bench,
  name: string,
  code: string,
  work: (tofu: Tofu) => Promise<Ended[]>,
): Promise<Check> {
  const folder = await mkdtemp(join(bench.folder, 'generated-'));
  try {
    const env = { ...(await workIn(folder, bench.programs)), ...(await environment(bench, folder)) };
    await writeFile(join(folder, 'main.tf'), code);
    const tofu: Tofu = (...args) =>
      run(join(bench.programs, 'tofu'), args, { cwd: folder, env, timeoutMs: stepLimitMs });
    const failed = (await work(tofu)).find(({ ok }) => !ok);
    return failed === undefined ? { name } : { name, problem: problemOf(failed) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function environment({ lab: { sandbox } }: Bench, folder: string): Promise<Record<string, string>> {
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, sandbox.certificate);
  return {
    SSL_CERT_FILE: caFile,
    PROXMOX_VE_ENDPOINT: `${sandbox.url}/`,
    PROXMOX_VE_API_TOKEN: `${sandbox.tokenId}=${sandbox.tokenSecret}`,
  };
}

/** What is to be changed, or what is complained about. */
function problemOf({ stdout, stderr }: Ended): string {
  const lines = `${stderr}\n${stdout}`.split('\n').filter((line) => /^\s*[~+-] |-\/\+|Error:|^│|Plan:/.test(line));
  return (
    lines
      .map((line) => line.replaceAll(/\s+/g, ' ').trim())
      .filter((line) => line !== '│')
      .slice(0, 24)
      .join(' | ') || 'it ended badly'
  );
}
