import type { Filter } from '@pxa/contract';
import type { Sandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksOf, COLUMNS, type Looked, said, start } from '../testing/checks.ts';
import { spoil } from '../testing/spoilt.ts';
import { RULES } from './rules/index.ts';

describe('on a cluster that is spoilt', () => {
  let sandbox: Sandbox;
  let spoilt: Looked;
  beforeAll(async () => {
    sandbox = await start();
    spoil(sandbox);
    spoilt = await checksOf(sandbox, { columns: [...COLUMNS, 'cves'] });
  });
  afterAll(() => sandbox.close());

  const findings: [rule: string, target: string, says: RegExp][] = [
    ['cluster.firewall_off', 'cluster', /datacenter is off/],
    ['cluster.open_port', 'cluster', /of the cluster lets the whole world reach the Proxmox interface/],
    ['node.firewall_off', 'node/pve-node01', /node pve-node01 is off/],
    ['node.open_port', 'node/pve-node01', /lets the whole world reach SSH/],
    ['guest.open_port', 'qemu/101', /VM 101 \(app-server-prod\) lets the whole world reach every port/],
    ['guest.firewall_off', 'qemu/102', /does not cover net0/],
    ['guest.firewall_off', 'qemu/103', /is off/],
    ['guest.not_backed_up', 'qemu/104', /No backup job covers/],
    ['guest.no_recent_backup', 'qemu/104', /There is no backup/],
    ['guest.unprotected', 'qemu/105', /nothing keeps it from being deleted/],
    ['container.privileged', 'lxc/201', /is privileged/],
    ['vm.cloud_password', 'qemu/101', /a password/],
    ['vm.no_ssh_key', 'qemu/101', /no SSH key/],
    ['vm.no_agent', 'qemu/104', /agent .* is off/],
    ['vm.no_secure_boot', 'qemu/111', /no keys enrolled/],
    ['vm.no_secure_boot', 'qemu/102', /SeaBIOS/],
    ['vm.no_tpm', 'qemu/105', /Windows that asks for a TPM/],
    ['guest.os_ended', 'qemu/101', /Windows 7 .* no security fixes since 2020-01-15/],
    ['node.security_updates', 'node/pve-node03', /3 updates that may fix security wait .*: curl, libssl3t64, openssl/],
    [
      'node.known_vulnerability',
      'node/pve-node03',
      /curl 8\.14\.1-2 on node pve-node03 has CVE-2025-10148, CVE-2025-9086/,
    ],
    ['node.version_ended', 'node/pve-node02', /Proxmox VE 7\.4-3, which has got no security fixes since 2024-08-01/],
    ['node.certificate_ends', 'node/pve-node02', /ends in 18 days/],
    ['node.unsigned_repository', 'node/pve-node02', /without looking at signatures/],
    ['node.stale_repository', 'node/pve-node02', /old suite 'buster' configured/],
    ['node.no_update_repository', 'node/pve-node02', /updates of Debian and of Proxmox VE/],
    ['access.root_used', 'cluster', /as root@pam once in the last 7 days; the newest task is vncshell/],
    ['access.root_token', 'cluster', /root@pam!sandbox belongs to root@pam, and may do everything/],
    ['access.token_unseparated', 'cluster', /root@pam!sandbox may do all/],
    ['access.token_endless', 'cluster', /root@pam!monitoring never ends/],
    ['access.no_second_factor', 'cluster', /anna@pve logs in without a second factor/],
    ['access.wide_acl', 'cluster', /group admins may do everything, everywhere/],
  ];
  test.each(findings)('%s fails of %s', (rule, target, says) => {
    expect(said(spoilt, rule, target).join('\n')).toMatch(says);
  });

  test('every rule is shown to fail, with evidence from a call', () => {
    expect(RULES.map(({ id }) => id).filter((id) => !findings.some(([rule]) => rule === id))).toEqual([]);
    const failed = spoilt.rows.filter(({ cells }) => cells['state'] === 'failed');
    const without = failed.filter(({ cells }) => !String(cells['evidence']).includes('calls['));
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  const passing: [rule: string, target: string][] = [
    ['container.privileged', 'lxc/200'],
    ['guest.firewall_off', 'qemu/101'],
    ['guest.open_port', 'qemu/102'],
    ['guest.not_backed_up', 'qemu/101'],
    ['guest.no_recent_backup', 'qemu/101'],
    ['guest.os_ended', 'qemu/100'],
    ['vm.no_secure_boot', 'qemu/100'],
    ['vm.no_tpm', 'qemu/100'],
    ['vm.cloud_password', 'qemu/100'],
    ['guest.unprotected', 'qemu/102'],
    ['node.security_updates', 'node/pve-node02'],
    ['node.unsigned_repository', 'node/pve-node01'],
    ['node.no_update_repository', 'node/pve-node03'],
    ['node.version_ended', 'node/pve-node01'],
    ['node.certificate_ends', 'node/pve-node01'],
    ['node.firewall_off', 'node/pve-node02'],
  ];
  test.each(passing)('%s passes of %s', (rule, target) => {
    expect(said(spoilt, rule, target)).toEqual(['passed']);
  });

  const beside: [rule: string, target: string][] = [
    ['container.privileged', 'qemu/100'],
    ['vm.no_ssh_key', 'qemu/100'],
    ['guest.unprotected', 'qemu/103'],
    ['vm.no_agent', 'lxc/200'],
    ['guest.firewall_off', 'qemu/9000'],
  ];
  test.each(beside)('%s is not about %s', (rule, target) => {
    expect(said(spoilt, rule, target)).toEqual([]);
  });
});

describe('what cannot be read is unknown, and never passed', () => {
  test('of a token that may only look at guests', async () => {
    const sandbox = await start();
    const { access } = sandbox.state;
    const entry = { path: '/vms', type: 'token', ugid: 'root@pam!weak', roleid: 'PVEAuditor', propagate: 1 } as const;
    const tokens = [...access.tokens, { tokenid: 'root@pam!weak', privsep: 1, expire: 0 }];
    sandbox.state.access = { ...access, tokens, acl: [...access.acl, entry] };
    sandbox.auth.tokenSecrets.set('root@pam!weak', 'weak-secret');
    const looked = await checksOf(sandbox, { token: ['root@pam!weak', 'weak-secret'] });
    await sandbox.close();
    const states = (rule: string): string[] => [
      ...new Set(looked.rows.filter(({ cells }) => cells['rule'] === rule).map(({ cells }) => String(cells['state']))),
    ];
    expect(states('access.no_second_factor')).toContain('unknown');
    for (const rule of [
      'cluster.firewall_off',
      'node.security_updates',
      'node.no_update_repository',
      'access.wide_acl',
    ])
      expect({ rule, states: states(rule) }).toEqual({ rule, states: ['unknown'] });
    expect(states('vm.no_agent')).toEqual(['failed', 'passed']);
  });

  const path = '/nodes/pve-node03/**';
  test.each([
    ['is down', { fault: 'node_down', node: 'pve-node03' }, /offline|does not answer/],
    ['answers 500', { fault: 'error', status: 500, message: 'it is broken', path }, /it is broken/],
  ] as const)('of a node that %s, while the others are judged', async (_name, fault, says) => {
    const sandbox = await start();
    sandbox.faults.add(fault);
    const looked = await checksOf(sandbox, {});
    await sandbox.close();
    for (const rule of [
      'node.security_updates',
      'node.certificate_ends',
      'node.version_ended',
      'node.unsigned_repository',
    ])
      expect(said(looked, rule, 'node/pve-node03').join()).toMatch(new RegExp(`^unknown: .*(${says.source})`));
    expect(said(looked, 'vm.no_agent', 'qemu/111').join()).toMatch(/^unknown: /);
    expect(said(looked, 'node.certificate_ends', 'node/pve-node01')).toEqual(['passed']);
    expect(said(looked, 'vm.no_agent', 'qemu/101')).toEqual(['passed']);
  });

  test('of a node that cannot fetch changelogs', async () => {
    const sandbox = await start();
    const node = sandbox.state.nodes.get('pve-node03');
    if (node !== undefined) node.changelogs = undefined;
    const { rows } = await checksOf(sandbox, { columns: [...COLUMNS, 'cves'] });
    await sandbox.close();
    const told = said({ rows, calls: [] }, 'node.known_vulnerability', 'node/pve-node03');
    expect(told.join()).toMatch(/^unknown: the node could not fetch the changelog: E: Failed to fetch/);
  });
});

describe('only what is asked for is read', () => {
  const cases: [name: string, where: Filter, reads: RegExp, not: RegExp][] = [
    ['one VM', { op: 'in', column: 'target', values: ['qemu/101'] }, /qemu\/101\/config/, /qemu\/102|apt|\/access/],
    [
      'one node',
      { op: 'in', column: 'target', values: ['node/pve-node03'] },
      /pve-node03\/apt\/update/,
      /qemu|lxc\/|node01\/apt|\/access|changelog/,
    ],
    [
      'the cluster',
      { op: 'in', column: 'target', values: ['cluster'] },
      /\/access\/tfa/,
      /config|apt|pve-node03\/firewall/,
    ],
    [
      'vulnerabilities',
      { op: 'compare', column: 'types', is: '=', value: 'vulnerability' },
      /apt\/update/,
      /firewall|\/access\/tfa|changelog/,
    ],
    [
      'a node by its name',
      { op: 'compare', column: 'node', is: '=', value: 'pve-node02' },
      /qemu\/110\/config/,
      /node01\/apt|\/access/,
    ],
  ];
  test.each(cases)('for %s', async (_name, where, reads, not) => {
    const sandbox = await start();
    const { calls, rows } = await checksOf(sandbox, { where });
    await sandbox.close();
    expect(rows.length).toBeGreaterThan(0);
    expect(calls.join('\n')).toMatch(reads);
    expect(calls.filter((call) => not.test(call))).toEqual([]);
  });
});
