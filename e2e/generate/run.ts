import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/repository.ts';
import { type Check, type Outcome, printOutcomes } from '../clients/report.ts';
import { present, run } from '../command.ts';
import { lastLine, pythonWith } from '../python.ts';
import { generatedFiles } from './files.ts';
import { codeWith, hostileTexts } from './texts.ts';

const cache = join(root, 'node_modules/.cache/pxa-generate');
const here = join(root, 'e2e/generate');
/** The distribution of which the collection for Proxmox is taken. */
const ANSIBLE = 'ansible==12.3.0';
const LIMIT_MS = 600_000;

/** Generated playbooks and user data in the hands of Ansible, its linter and cloud-init. What cannot be had is skipped. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pxa-generate-'));
  try {
    const python = await pythonWith('pxa-generate', join(here, 'requirements.txt'));
    const outcomes =
      'missing' in python
        ? [{ client: 'Ansible and cloud-init', skipped: python.missing }]
        : [await ansible(python.bin, folder), await cloudInit(python.bin, folder)];
    const { passed, failed } = printOutcomes(outcomes);
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Ansible itself loads every playbook and finds its modules; its linter holds them to what is asked of production. */
async function ansible(bin: string, folder: string): Promise<Outcome> {
  const client = 'Ansible';
  const collections = join(cache, 'collections');
  const missing = await collection(bin, collections);
  if (missing !== undefined) return { client, skipped: missing };
  const files = await generatedFiles('ansible', folder);
  const env = {
    ANSIBLE_COLLECTIONS_PATH: collections,
    LC_ALL: 'C.UTF-8',
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    NO_COLOR: '1',
  };
  const options = { env, cwd: folder, timeoutMs: LIMIT_MS };
  const syntax = await run(join(bin, 'ansible-playbook'), ['--syntax-check', ...files], options);
  const lint = await run(
    join(bin, 'ansible-lint'),
    ['--offline', '--nocolor', '-qq', '--parseable', '--profile', 'production', ...files],
    options,
  );
  return {
    client,
    checks: [
      checkOf(`${files.length} playbooks are loaded`, syntax.ok, syntax.stderr),
      await checkTexts(bin, folder),
      checkOf(`${files.length} playbooks pass ansible-lint, profile production`, lint.ok, lint.stdout || lint.stderr),
    ],
  };
}

/** Texts that look like templates are none: Ansible reads them as they are. */
async function checkTexts(bin: string, folder: string): Promise<Check> {
  const said = hostileTexts(50);
  const [playbook, expected] = [join(folder, 'texts.yml'), join(folder, 'texts.json')];
  await writeFile(playbook, await codeWith(said, 'ansible'));
  await writeFile(expected, JSON.stringify(said));
  const told = await run(join(bin, 'python3'), [join(here, 'texts.py'), playbook, expected], {
    env: { LC_ALL: 'C.UTF-8', HOME: folder },
  });
  return checkOf(
    `${said.length} texts are exactly what Ansible reads`,
    told.ok && told.stdout === '',
    told.stdout || told.stderr,
  );
}

/** The collection community.proxmox, or why it cannot be had. */
async function collection(bin: string, folder: string): Promise<string | undefined> {
  if (existsSync(join(folder, 'ansible_collections/community/proxmox/MANIFEST.json'))) return undefined;
  await mkdir(folder, { recursive: true });
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder, ANSIBLE];
  const got = await run(join(bin, 'python3'), pip, { timeoutMs: LIMIT_MS });
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (!got.ok || wheel === undefined) return `${ANSIBLE} cannot be had: ${lastLine(got)}`;
  const unpacked = await run(join(bin, 'python3'), [join(here, 'collection.py'), join(folder, wheel), folder]);
  await rm(join(folder, wheel));
  return unpacked.ok ? undefined : `${wheel} has no collection for Proxmox: ${lastLine(unpacked)}`;
}

/** User data by the schema that cloud-init itself brings. */
async function cloudInit(bin: string, folder: string): Promise<Outcome> {
  const client = 'cloud-init';
  const schema = await cloudInitSchema();
  if ('missing' in schema) return { client, skipped: schema.missing };
  const files = await generatedFiles('cloud-init', folder);
  const told = await run(join(bin, 'python3'), [join(here, 'user_data.py'), schema.file, ...files]);
  return {
    client,
    checks: [
      checkOf(
        `${files.length} files of user data are as its schema says`,
        told.ok && told.stdout === '',
        told.stdout || told.stderr,
      ),
    ],
  };
}

/** The schema out of Debian’s package, which is not installed. */
async function cloudInitSchema(): Promise<{ file: string } | { missing: string }> {
  const folder = join(cache, 'cloud-init');
  const file = join(folder, 'usr/lib/python3/dist-packages/cloudinit/config/schemas/schema-cloud-config-v1.json');
  if (existsSync(file)) return { file };
  if (!present('apt-get', '--version')) return { missing: 'there is no apt-get, which cloud-init comes by' };
  await mkdir(folder, { recursive: true });
  const got = await run('apt-get', ['download', '-q', 'cloud-init'], { cwd: folder, timeoutMs: LIMIT_MS });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (!got.ok || archive === undefined) return { missing: `the package cloud-init cannot be had: ${lastLine(got)}` };
  const unpacked = await run('dpkg-deb', ['-x', join(folder, archive), folder]);
  return unpacked.ok && existsSync(file) ? { file } : { missing: `${archive} has no schema where it was looked for` };
}

function checkOf(name: string, ok: boolean, problem: string): Check {
  return ok ? { name } : { name, problem: problem.trim().split('\n').slice(0, 12).join(' | ') };
}

await main();
