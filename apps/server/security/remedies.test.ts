import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scope, SCOPES } from '../auth/scopes.ts';
import { type Got, Lab } from '../testing/lab.ts';

const LOOKS = ['security:read', 'security:write'] as const;

let lab: Lab;
let token: string;
let scan: Got;
beforeAll(async () => {
  lab = await Lab.start();
  const { state } = lab.sandbox;
  state.firewall.options['enable'] = 0;
  const node = state.nodes.get('pve-node02');
  if (node !== undefined) node.firewall.options['enable'] = 0;
  token = await lab.token([...LOOKS, 'vm:write', 'container:write', 'network:write', 'backup:write']);
  const begun = await lab.send('POST /v1/security/scans', token, { scan_type: 'compliance' });
  do {
    await new Promise((resolve) => setImmediate(resolve));
    scan = await lab.send(`GET /v1/security/scans/${begun.text('data.scan.id')}?limit=200`, token);
  } while (scan.text('data.scan.status') !== 'completed');
});
afterAll(() => lab.close());

const cases: [rule: string, about: string, status: number, message: RegExp][] = [
  ['cluster.firewall_off', 'cluster', 202, /Enable the firewall of the datacenter/],
  ['node.firewall_off', 'pve-node02', 202, /Enable the firewall of .*pve-node02/],
  ['guest.firewall_off', 'vm-103', 202, /Enable the firewall of VM 103/],
  ['guest.firewall_off', 'ct-201', 202, /Enable the firewall of .*201/],
  ['vm.no_agent', 'vm-104', 202, /agent/],
  ['guest.no_recent_backup', 'vm-104', 202, /Back VM 104 build-agent up/],
  ['guest.unprotected', 'ct-200', 202, /protection/],
  ['access.token_endless', 'token/root@pam!monitoring', 202, /expire on 2026-05-24/],
  ['access.token_unseparated', 'token/root@pam!sandbox', 409, /./],
  ['guest.not_backed_up', 'vm-104', 409, /takes a person: Add it to a backup job/],
  ['access.no_second_factor', 'user/anna@pve', 409, /takes a person: Add one/],
];
test.each(cases)('of %s at %s: %d', async (rule, about, status, message) => {
  const got = await lab.send(remedyOf(rule, about), token);
  expect({ status: got.status, said: got.text(status === 202 ? 'data.message' : 'error.message') }).toEqual({
    status,
    said: expect.stringMatching(message),
  });
});

/** The request for the remedy of a finding. */
function remedyOf(rule: string, about: string): string {
  const finding = scan
    .list('data.findings')
    .find((each) => each['rule'] === rule && [each['target'], each['about']].includes(about));
  return `POST /v1/security/scans/${scan.text('data.scan.id')}/findings/${String(finding?.['id'])}/remedy`;
}

test.each<[rule: string, about: string, scope: Scope]>([
  ['guest.no_recent_backup', 'vm-104', 'backup:write'],
  ['guest.firewall_off', 'vm-103', 'network:write'],
  ['cluster.firewall_off', 'cluster', 'network:write'],
  ['vm.no_agent', 'vm-104', 'vm:write'],
  ['guest.unprotected', 'ct-200', 'container:write'],
])('of %s at %s needs what that change needs anywhere: %s', async (rule, about, scope) => {
  const others = SCOPES.filter((each) => each !== scope && each !== 'admin');
  const got = await lab.send(remedyOf(rule, about), await lab.token(others));
  expect(got).toMatchObject({ status: 403, body: { error: { details: { required_scope: scope } } } });
});
