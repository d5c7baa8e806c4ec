import { expect, test } from 'vitest';
import { Specification } from '../specification.ts';
import { analyse } from './analyse.ts';

type Draft = Record<string, unknown>;

const rule = (ports: string | null, source: string | null, more: Draft = {}): Draft => ({
  direction: 'in',
  action: 'ACCEPT',
  protocol: 'tcp',
  ports,
  source,
  ...more,
});
const walled = (...rules: Draft[]): Draft => ({ firewall: { enabled: true, input: 'DROP', output: 'ACCEPT', rules } });

/** A machine that nothing is to be said against. */
const WELL: Draft = {
  kind: 'vm',
  name: 'web',
  source: { from: 'image', os: 'ubuntu-24.04' },
  cores: 2,
  memory_mb: 2048,
  disks: [],
  nics: [{}],
  ssh_keys: ['ssh-ed25519 AAAA anna'],
  setup: { packages: ['unattended-upgrades'] },
  hardware: { tpm: { storage: null, version: 'v2.0' } },
  backups: { schedule: 'daily', keep: 7 },
  ...walled(rule('443', null)),
};
const THERE: Draft = { source: { from: 'existing', node: 'pve1', vmid: 101 } };
const PRODUCTION: Draft = { environment: 'production' };

function said(change: Draft, hasKeys = false): ReturnType<typeof analyse> {
  const specification = Specification.parse({ guests: [{ ...WELL, ...change }] });
  return analyse(specification, { today: '2026-02-23', asksForKeys: hasKeys });
}

test('nothing is said against a machine that is as it should be', () => {
  expect(said({})).toEqual({ passed: true, issues: [], recommendations: [] });
});

const ISSUES: [name: string, change: Draft, rules: string[]][] = [
  ['SSH from everywhere', walled(rule('22', null)), ['guest.open_port']],
  ['SSH among other ports', walled(rule('80,22', '0.0.0.0/0')), ['guest.open_port']],
  ['SSH within a small range', walled(rule('20:30', null)), ['guest.open_port']],
  ['a very wide range', walled(rule('30000:40000', '::/0')), ['guest.open_port']],
  ['every port', walled(rule(null, null)), ['guest.open_port']],
  ['SSH from one network', walled(rule('22', '10.0.0.0/8')), []],
  ['SSH from one network and everywhere', walled(rule('22', '10.0.0.0/8, 0.0.0.0/0')), ['guest.open_port']],
  ['a rule that is off', walled(rule('22', null, { enabled: false })), []],
  ['a rule that refuses', walled(rule('22', null, { action: 'DROP' })), []],
  ['a rule for what goes out', walled(rule('22', null, { direction: 'out' })), []],
  ['pings from everywhere', walled(rule(null, null, { protocol: 'icmp' })), []],
  ['a narrow range of nothing private', walled(rule('8000:8010', null)), []],
  ['no firewall', { firewall: null }, ['guest.firewall_off']],
  ['no firewall that is known of a guest that is there', { ...THERE, firewall: null }, []],
  [
    'a firewall that is off',
    { firewall: { enabled: false, input: 'DROP', output: 'ACCEPT', rules: [] } },
    ['guest.firewall_off'],
  ],
  [
    'a firewall that lets everything in',
    { firewall: { enabled: true, input: 'ACCEPT', output: 'ACCEPT', rules: [] } },
    ['guest.firewall_accepts'],
  ],
  ['an interface beside the firewall', { nics: [{}, { firewall: false }] }, ['guest.firewall_nic']],
  ['passwords over SSH', { password_login: true }, ['vm.cloud_password']],
  ['no key', { ssh_keys: [] }, ['vm.no_ssh_key']],
  ['no key that is known of a guest that is there', { ...THERE, ssh_keys: [] }, []],
  [
    'a privileged container',
    { kind: 'container', unprivileged: false, source: { from: 'image', os: 'debian-12' } },
    ['container.privileged'],
  ],
  ['production without a backup', { ...PRODUCTION, protection: true, backups: null }, ['guest.not_backed_up']],
];
test.each(ISSUES)('%s', (_name, change, rules) => {
  const { issues, passed } = said(change);
  expect(issues.map((issue) => issue.rule)).toEqual(rules);
  expect(passed).toBe(rules.length === 0);
  for (const issue of issues) expect(issue.controls.length).toBeGreaterThan(0);
});

const ADVICE: [name: string, change: Draft, says: RegExp][] = [
  ['production that can be removed', PRODUCTION, /removed by mistake/],
  ['a web server without a certificate', { software: ['nginx'] }, /without a certificate/],
  ['a certificate of its own', { tls: { from: 'self_signed', domain: 'a.example.com' } }, /browsers trust/],
  ['no updates by themselves', { setup: {} }, /automatic security updates/],
  ['no backups', { backups: null }, /daily backups/],
  ['no agent', { agent: false }, /guest agent/],
  ['no TPM', { hardware: {} }, /secure boot and a TPM/],
];
test.each(ADVICE)('%s could be better, and is no fault', (_name, change, says) => {
  const { passed, recommendations } = said(change);
  expect({ passed, recommendations }).toEqual({ passed: true, recommendations: [expect.stringMatching(says)] });
});

test('a system without security updates is told by the day', () => {
  const specification = Specification.parse({ guests: [WELL] });
  const { issues } = analyse(specification, { today: '2099-01-01', asksForKeys: false });
  expect(issues).toMatchObject([{ rule: 'guest.os_ended', severity: 'high', target: 'web' }]);
});

test('keys that whoever runs the code is asked for are keys', () => {
  expect(said({ ssh_keys: [] }, true).issues).toEqual([]);
});
