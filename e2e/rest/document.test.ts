import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../../apps/server/testing/lab.ts';
import { readSections, type Section } from './document.ts';
import { differences } from './shape.ts';

/** The API's document, section by section: each request is sent as it stands there, and the answer has its shape. */

/** What has to be another than in the document, as the cluster of these tests is another. */
interface Here {
  readonly status: number;
  /** Instead of the document's path. */
  readonly line?: string | (() => string | Promise<string>);
  readonly body?: (shown: Readonly<Record<string, unknown>>) => unknown;
  /** What must be so beyond the shape. */
  readonly means?: (got: Got) => void | Promise<void>;
}

let lab: Lab;
let token: string;
let jobId = '';
let minted = '';
let scanId = '';
let backupId = '';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJJKmG0cQhFz4eU7tqYg3vHn0Yx9fVhYFmS8J5QbL1c7 anna@desk';

const done = async (got: Got): Promise<void> => {
  jobId = got.text('data.job_id');
  expect((await lab.ended(jobId)).proof?.outcome).toBe('verified');
};

const HERE: Readonly<Record<string, Here>> = {
  'Generate API Token': {
    status: 201,
    means: (got) => {
      minted = got.text('data.token_id');
      expect(got.text('data.access_token')).toMatch(/^pxa_/);
      expect(got.at('data.permissions')).toEqual(['vm:read', 'vm:write', 'network:read']);
      expect(Date.parse(got.text('data.expires_at')) - lab.service.now()).toBe(2_592_000_000);
    },
  },
  'Revoke API Token': { status: 200, line: () => `DELETE /v1/auth/tokens/${minted}` },
  'List Virtual Machines': {
    status: 200,
    means: (got) => {
      for (const vm of got.list('data.vms')) expect(vm).toMatchObject({ status: 'running', environment: 'production' });
      expect(got.list('data.vms').length).toBeGreaterThan(2);
    },
  },
  'Get Virtual Machine Details': { status: 200, line: 'GET /v1/vms/vm-101' },
  'Create Virtual Machine': {
    status: 202,
    body: (shown) => ({
      ...shown,
      template: 'ubuntu-22.04-cloud',
      configuration: {
        cpu_cores: 4,
        memory_mb: 8192,
        storage_gb: 100,
        network: { vlan_id: 20, static_ip: '10.10.20.102/24' },
      },
      security: { encrypt_disk: true, enable_firewall: true, ssh_keys: [KEY] },
    }),
    means: async (got) => {
      expect(got.text('data.vm.creation_job_id')).toBe(got.text('data.job_id'));
      await done(got);
      const id = got.text('data.vm.id');
      expect((await lab.send(`GET /v1/vms/${id}`, token)).at('data.vm')).toMatchObject({
        name: 'app-server-01',
        description: 'Application server for microservices',
        environment: 'production',
        configuration: { cpu_cores: 4, memory_mb: 8192, network: [{ ip_address: '10.10.20.102', vlan_id: 20 }] },
        backup: { enabled: true },
      });
    },
  },
  'Update Virtual Machine': {
    status: 202,
    line: 'PUT /v1/vms/vm-104',
    means: async (got) => {
      await done(got);
      expect((await lab.send('GET /v1/vms/vm-104', token)).at('data.vm')).toMatchObject({
        description: 'Updated application server description',
        configuration: { memory_mb: 16384 },
        tags: ['application', 'high-memory', 'microservices', 'production'],
      });
    },
  },
  'Start Virtual Machine': { status: 202, line: 'POST /v1/vms/vm-104/start', means: done },
  'Stop Virtual Machine': { status: 202, line: 'POST /v1/vms/vm-104/stop', means: done },
  'Restart Virtual Machine': { status: 202, line: 'POST /v1/vms/vm-105/restart', means: done },
  'Create VM Snapshot': { status: 202, line: 'POST /v1/vms/vm-105/snapshots', means: done },
  'List VM Snapshots': {
    status: 200,
    line: 'GET /v1/vms/vm-105/snapshots',
    means: (got) => {
      expect(got.list('data.snapshots')).toContainEqual(expect.objectContaining({ name: 'pre-deployment-snapshot' }));
    },
  },
  'Restore VM Snapshot': {
    status: 202,
    line: 'POST /v1/vms/vm-105/snapshots/pre-deployment-snapshot/restore',
    means: done,
  },
  'Delete Virtual Machine': {
    status: 202,
    line: 'DELETE /v1/vms/vm-110',
    means: async (got) => {
      await done(got);
      expect((await lab.send('GET /v1/vms/vm-110', token)).status).toBe(404);
    },
  },
  'List Networks': { status: 200 },
  'Create Network': {
    status: 422,
    means: (got) => {
      expect(got.text('error.details.field')).toMatch(/^(?:dhcp_enabled|dhcp_range|dns_servers)/);
    },
  },
  'List Storage Pools': {
    status: 200,
    means: (got) => expect(Object.values(got.at('data') as object).flat().length).toBeGreaterThan(3),
  },
  'Create Storage Pool': {
    status: 202,
    body: () => ({ name: 'scratch', type: 'dir', path: '/mnt/scratch', content: ['iso'], nodes: ['pve-node01'] }),
    means: done,
  },
  'Run Security Scan': {
    status: 202,
    body: (shown) => ({ ...shown, targets: ['vm-101', 'vm-102'] }),
    means: (got) => {
      scanId = got.text('data.scan.id');
    },
  },
  'Get Security Scan Results': { status: 200, line: () => `GET /v1/security/scans/${scanId}` },
  'List Backups': {
    status: 200,
    means: (got) => {
      backupId = String(got.list('data.backups')[0]?.['id']);
      expect(backupId).not.toBe('undefined');
    },
  },
  'Create Backup': {
    status: 202,
    body: (shown) => ({ ...shown, vm_id: 'vm-101', encryption: false }),
    means: done,
  },
  'Restore Backup': {
    status: 202,
    line: () => `POST /v1/backups/${encodeURIComponent(backupId)}/restore`,
    means: done,
  },
  'List Jobs': { status: 200, means: (got) => expect(got.list('data.jobs').length).toBeGreaterThan(3) },
  'Get Job Status': { status: 200, line: () => `GET /v1/jobs/${jobId}` },
  'Cancel Job': {
    status: 202,
    // One that takes its time: the backup of 500 GiB.
    line: async () => {
      const begun = await lab.send('POST /v1/backups', token, { vm_id: 'vm-102', backup_type: 'full' });
      jobId = begun.text('data.job_id');
      return `DELETE /v1/jobs/${jobId}`;
    },
    means: async () => expect((await lab.ended(jobId)).state).toBe('cancelled'),
  },
  'Get System Metrics': { status: 200 },
  'Get VM Metrics': {
    status: 200,
    line: 'GET /v1/monitoring/vms/vm-101/metrics?period=24h&metrics=cpu,memory,disk,network',
  },
  'Generate Infrastructure Code': {
    status: 200,
    means: (got) => expect(got.text('meta.ai_model')).toBe('builtin'),
  },
  'Webhook Configuration': { status: 201 },
  'Health Check Endpoint': { status: 200, means: (got) => expect(got.at('data.status')).toBe('healthy') },
  'API Information': { status: 200 },
};

const sections = readSections();

describe.skipIf(sections === undefined)('the document', () => {
  beforeAll(async () => {
    lab = await Lab.start({}, { encrypted_storages: { home: ['local-zfs'] } });
    token = await lab.token(['admin']);
  });
  afterAll(() => lab.close());

  test('shows what is known here, and no more', () => {
    expect(
      (sections ?? []).map(({ title }) => title).filter((title) => !(title in HERE) && !IN_WORDS.test(title)),
    ).toEqual([]);
  });

  test.each((sections ?? []).filter(({ title }) => title in HERE).map((section) => [section.title, section] as const))(
    '%s',
    async (title, section) => {
      const here = HERE[title];
      if (here === undefined) return;
      const got = await send(section, here);
      expect([got.status, refusal(got)]).toEqual([here.status, here.status < 300 ? undefined : expect.any(String)]);
      const unavailable = got.list('meta.unavailable').map(({ field }) => String(field));
      if (here.status < 300) expect(differences(section.response, got.body, unavailable)).toEqual([]);
      await here.means?.(got);
    },
  );
});

if (sections === undefined) console.warn('skipped: the API’s document is not at hand');

const refusal = (got: Got): unknown => got.at('error.message');

/** How to sign in, and what the rest of it is in code of other languages. */
const IN_WORDS = /^\d\. (?:API Token|OAuth|Basic) Auth/;

async function send({ line, body }: Section, here: Here): Promise<Got> {
  const own = typeof here.line === 'function' ? await here.line() : here.line;
  const shown = body as Readonly<Record<string, unknown>> | undefined; // the document's bodies are objects
  return lab.send(own ?? line, token, here.body === undefined ? shown : here.body(shown ?? {}));
}
