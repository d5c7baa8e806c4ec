import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['ai:generate', 'vm:read', 'container:read']);
});
afterAll(() => lab.close());

const LINE = 'POST /v1/ai/generate';

test('the example of the document has its shape, and its code is found to be good', async () => {
  const got = await lab.send(LINE, token, {
    prompt: 'Create a secure web server VM with Nginx, SSL certificate, and firewall rules',
    context: { environment: 'production', compliance_requirements: ['CIS', 'SOC2'] },
    output_format: 'terraform',
  });
  expect(got.status).toBe(200);
  expect(got.body).toMatchObject({
    success: true,
    data: {
      generated_code: {
        format: 'terraform',
        code: expect.stringContaining('resource "proxmox_virtual_environment_vm" "web_server" {'),
        validation_score: 100,
        security_analysis: { passed: true, issues: [], recommendations: expect.any(Array) },
        not_understood: [],
      },
    },
    meta: { ai_model: 'builtin', tokens_used: 0, request_id: expect.any(String) },
  });
  expect(got.headers).toMatchObject({ 'x-ratelimit-limit': '10', 'x-ratelimit-window': '3600' });
});

test.each([
  [{ output_format: 'terraform', context: { provider: 'telmate' } }, 'resource "proxmox_vm_qemu" "web_server" {'],
  [{ output_format: 'ansible' }, 'community.proxmox.proxmox_kvm:'],
  [{ output_format: 'cloud-init' }, '#cloud-config\nhostname: web-server\n'],
])('%j', async (body, holds) => {
  const prompt = 'A web server with 4 cores and a flux capacitor';
  const got = await lab.send(LINE, await lab.token(['ai:generate']), { prompt, ...body });
  expect(got.status).toBe(200);
  expect(got.text('data.generated_code.code')).toContain(holds);
  expect(got.at('data.generated_code')).toMatchObject({ validation_score: 100, not_understood: ['flux capacitor'] });
});

describe('a guest that is there', () => {
  test.each([
    ['vm-101', 'proxmox_virtual_environment_vm', 'pve-node01/101'],
    ['ct-200', 'proxmox_virtual_environment_container', 'pve-node01/200'],
  ])('%s is written down with an import', async (id, type, imported) => {
    const got = await lab.send(LINE, token, { context: { export: id }, output_format: 'terraform' });
    expect(got.status).toBe(200);
    const code = got.text('data.generated_code.code');
    expect(code).toContain(`resource "${type}"`);
    expect(code).toContain(`id = "${imported}"`);
    expect(got.at('data.generated_code.validation_score')).toBe(100);
  });
});

const refused: [body: object, status: number, details: object][] = [
  [{ output_format: 'terraform' }, 422, { field: 'prompt', reason: 'required' }],
  [{ prompt: 'a VM', output_format: 'pulumi' }, 422, { field: 'output_format', reason: 'must_be_one_of' }],
  [{ prompt: 'a VM', output_format: 'terraform', model: 'x' }, 422, { field: 'model', reason: 'unknown_field' }],
  [
    { prompt: 'a VM', output_format: 'terraform', context: { compliance_requirements: ['PCI'] } },
    422,
    { field: 'context.compliance_requirements.0' },
  ],
  [{ prompt: '400 VMs', output_format: 'terraform' }, 422, { field: 'prompt', reason: 'not_possible' }],
  [
    { context: { export: 'vm-999' }, output_format: 'terraform' },
    422,
    { field: 'context.export', reason: 'not_found' },
  ],
  [
    { context: { export: '../101' }, output_format: 'terraform' },
    422,
    { field: 'context.export', reason: 'not_found' },
  ],
];
test.each(refused)('%j is refused', async (body, status, details) => {
  const own = await lab.token(['ai:generate', 'vm:read']);
  const got = await lab.send(LINE, own, body);
  expect({ status: got.status, details: got.at('error.details') }).toMatchObject({ status, details });
});

test('an export needs the scope to read the guest', async () => {
  const own = await lab.token(['ai:generate', 'vm:read']);
  const body = { context: { export: 'ct-200' }, output_format: 'terraform' };
  expect((await lab.send(LINE, own, body)).at('error.details.required_scope')).toBe('container:read');
  const none = await lab.token(['vm:read']);
  expect((await lab.send(LINE, none, body)).status).toBe(403);
  expect((await lab.send(LINE, undefined, body)).status).toBe(401);
});
