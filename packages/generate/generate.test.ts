import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generate } from './generate.ts';
import { FORMATS, type GeneratedCode, PROVIDERS, type Target } from './generated.ts';
import { Specification } from './specification.ts';
import { hostileText, kept } from './testing/texts.ts';
import { readHcl, textOf } from './validate/hcl-read.ts';
import { readYaml } from './validate/yaml-read.ts';
import { specify } from './words/specify.ts';

const today = '2026-02-23';
const TARGETS = FORMATS.flatMap((format) =>
  PROVIDERS.filter((provider) => format === 'terraform' || provider === 'bpg').map((provider): Target => ({
    format,
    provider,
  })),
);

const PROMPTS = [
  'two debian web servers with apache and a certificate for www.example.com behind a load balancer, and a postgres database with 16 GB RAM',
  'a privileged container with redis, 4GB memory, an additional 100 GB data disk, static ip 10.0.0.9/24',
  'Windows Server 2022 VM with 8 cores and 64 GB RAM',
  'three highly available rocky linux vms with mariadb, users alice and bob, daily backups, open port 8443',
  'a VM cloned from template 9000 named build with id 400 on node pve-node02',
];

const matrix = PROMPTS.flatMap((prompt) =>
  TARGETS.flatMap((target) =>
    ([undefined, 'production'] as const).map((environment) => [prompt, target, environment] as const),
  ),
);

test.each(matrix)('%s as %j in %s passes each of its checks', async (prompt, target, environment) => {
  const specified = specify(prompt, environment === undefined ? {} : { environment, compliance: ['CIS', 'SOC2'] });
  const made = await generate({ ...specified, ...target, today });
  expect(made.checks.flatMap(({ problems }) => problems)).toEqual([]);
  expect(made.validation_score).toBe(100);
  expect(made.not_understood).toEqual([]);
  // The same words give the same code.
  expect(
    await generate({
      ...specify(prompt, environment === undefined ? {} : { environment, compliance: ['CIS', 'SOC2'] }),
      ...target,
      today,
    }),
  ).toEqual(made);
});

const WORDS =
  'a VM|three web servers|two|containers|with|and|,|.|on node|named|pve1|nginx|postgres 16|docker|4 cores|8GB|100 GB disk|an additional|data disk|vlan 20|vlan|10.0.0.5/24|from|open port|443|22/udp|user|alice|password|x|tagged|web|for|example.com|let’s encrypt|firewall|no|backups|daily|at 3am|clone template 9000|id 120|windows|rocky linux 9|production|CIS|secure boot|ha|behind|a load balancer|in a container|privileged|swap|storage local-lvm|bridge vmbr1|dns 1.1.1.1|gateway 10.0.0.1'.split(
    '|',
  );

test('whatever is asked for, code comes of it that passes its checks, or a reason why not', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...WORDS) }, { weight: 1, arbitrary: hostileText }), {
        minLength: 1,
        maxLength: 14,
      }),
      fc.constantFrom(...TARGETS),
      fc.constantFrom(undefined, 'production' as const),
      async (words, target, environment) => {
        const specified = understood(words.join(' '), environment);
        if (specified === undefined) return;
        const made = await generate({ ...specified, ...target, today });
        expect(made.checks.flatMap(({ problems }) => problems)).toEqual([]);
      },
    ),
    { numRuns: 250 },
  ));

function understood(prompt: string, environment: 'production' | undefined): ReturnType<typeof specify> | undefined {
  try {
    return specify(prompt, environment === undefined ? {} : { environment, compliance: ['CIS'] });
  } catch (error) {
    // What can never be is refused in words; anything else is a fault of ours.
    expect(error).toBeInstanceOf(RangeError);
    return undefined;
  }
}

/** A VM with the worst that outside could put into it. */
function hostile(text: string): Specification {
  const guest = {
    kind: 'vm',
    name: 'web',
    description: text,
    source: { from: 'image', os: 'debian-12' },
    cores: 1,
    memory_mb: 512,
    disks: [{ slot: 'scsi0', size_gb: 8, storage: null }],
    nics: [{}],
    users: [{ name: 'admin' }],
    ssh_keys: [text],
    firewall: {
      enabled: true,
      input: 'DROP',
      output: 'ACCEPT',
      rules: [{ direction: 'in', action: 'ACCEPT', protocol: 'tcp', ports: '80', comment: text }],
    },
    setup: { files: [{ path: '/etc/x', content: text, why: text }], commands: [['echo', text]] },
  };
  return Specification.parse({ guests: [guest] });
}

describe('a description, key, comment, file or command of any text', () => {
  const make = (text: string, target: Target): Promise<GeneratedCode> =>
    generate({ specification: hostile(text), assumptions: [], notUnderstood: [], ...target, today });

  test.each(TARGETS)('%j passes each of its checks', (target) =>
    fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        expect((await make(text, target)).checks.flatMap(({ problems }) => problems)).toEqual([]);
      }),
      { numRuns: 60 },
    ),
  );

  test('is exactly that text in Terraform', () =>
    fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const read = await readHcl((await make(text, { format: 'terraform', provider: 'bpg' })).code);
        if (!read.ok) throw new Error(read.why);
        const resources = read.module['resource'] as Record<
          string,
          Record<string, { description?: string; rule?: { comment?: string }[] }[]>
        >; // as hcl2json writes resources
        const found = resources['proxmox_virtual_environment_vm']?.['web']?.[0]?.description ?? '';
        const comment = resources['proxmox_virtual_environment_firewall_rules']?.['web']?.[0]?.rule?.[0]?.comment ?? '';
        expect([textOf(found), textOf(comment)]).toEqual([kept(text), kept(text)]);
      }),
      { numRuns: 100 },
    ));

  test('is exactly that text in cloud-init', () =>
    fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const read = readYaml((await make(text, { format: 'cloud-init', provider: 'bpg' })).code);
        const said = kept(text);
        expect(read).toMatchObject({
          ok: true,
          documents: [
            {
              users: [{ ssh_authorized_keys: [said] }],
              write_files: [{ content: said }],
              runcmd: expect.arrayContaining([['echo', said]]),
            },
          ],
        });
      }),
      { numRuns: 100 },
    ));

  test('is exactly that text in Ansible, and never a template', () =>
    fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const read = readYaml((await make(text, { format: 'ansible', provider: 'bpg' })).code);
        if (!read.ok) throw new Error(read.why);
        const said = kept(text);
        const [book] = read.documents as [{ vars: unknown; tasks: Record<string, { description?: string }>[] }[]]; // one playbook, as it is written
        const configured = book[0]?.tasks.find(({ name }) => String(name) === 'Configure web');
        expect(configured?.['community.proxmox.proxmox_kvm']?.description ?? '').toBe(said);
        expect(book[0]?.vars).toMatchObject({ ssh_public_keys: [said] });
        if (/\{[{%#]/.test(said)) expect(read.unsafe).toContain(said);
      }),
      { numRuns: 100 },
    ));
});
