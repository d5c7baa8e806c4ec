import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['security:read', 'security:write', 'vm:write', 'job:read']);
});
afterAll(() => lab.close());

/** A scan as it ended. */
async function scanned(body: object, by = lab): Promise<Got> {
  const begun = await by.send('POST /v1/security/scans', token, body);
  expect(begun.status).toBe(202);
  return ended(begun.text('data.scan.id'), by);
}

async function ended(id: string, by = lab, query = '?limit=200'): Promise<Got> {
  for (;;) {
    const got = await by.send(`GET /v1/security/scans/${id}${query}`, token);
    if (['completed', 'failed'].includes(got.text('data.scan.status'))) return got;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const rules = (got: Got): string[] =>
  got.list('data.findings').map(({ rule, target }) => `${String(target)} ${String(rule)}`);

describe('POST /v1/security/scans', () => {
  test('answers as the document shows, and estimates by the scans before', async () => {
    const wish = { scan_type: 'configuration', targets: ['vm-101'] };
    const first = await lab.send('POST /v1/security/scans', token, wish);
    expect(first).toMatchObject({ status: 202, body: { success: true } });
    expect(first.at('data.scan')).toEqual({
      id: expect.stringMatching(/^scan_/),
      type: 'configuration',
      status: 'running',
      started_at: expect.stringMatching(/^2026-02-23T10/),
      estimated_completion: null,
    });
    await ended(first.text('data.scan.id'));
    const second = await lab.send('POST /v1/security/scans', token, wish);
    expect(second.at('data.scan.estimated_completion')).toEqual(expect.stringMatching(/^2026-02-23T10/));
    await ended(second.text('data.scan.id'));
  });

  const refused: [body: object, status: number, details: object][] = [
    [{}, 422, { field: 'scan_type' }],
    [{ scan_type: 'wild' }, 422, { field: 'scan_type', reason: 'must_be_one_of', provided_value: 'wild' }],
    [{ scan_type: 'compliance', targets: [] }, 422, { field: 'targets' }],
    [
      { scan_type: 'compliance', targets: ['vm-999'] },
      422,
      { field: 'targets', reason: 'not_found', provided_value: 'vm-999' },
    ],
    [{ scan_type: 'compliance', targets: ['vm-9000'] }, 422, { field: 'targets', reason: 'not_found' }],
    [{ scan_type: 'compliance', targets: ['nowhere'] }, 422, { field: 'targets', provided_value: 'nowhere' }],
    [{ scan_type: 'compliance', connection: 'mars' }, 422, { field: 'connection', reason: 'not_found' }],
    [{ scan_type: 'compliance', scan_options: { deeper: true } }, 422, { reason: 'unknown_field' }],
  ];
  test.each(refused)('%j is refused', async (body, status, details) => {
    const got = await lab.send('POST /v1/security/scans', token, body);
    expect({ status: got.status, error: got.at('error') }).toMatchObject({ status, error: { details } });
  });

  test('needs the scope to write', async () => {
    const reader = await lab.token(['security:read']);
    expect((await lab.send('POST /v1/security/scans', reader, { scan_type: 'compliance' })).status).toBe(403);
  });
});

describe('a scan', () => {
  test('of one VM tells what is wrong with it, with evidence, remedy and controls', async () => {
    const got = await scanned({ scan_type: 'compliance', targets: ['vm-104'] });
    expect(got.at('data.scan')).toMatchObject({
      status: 'completed',
      targets: ['vm-104'],
      score: 58,
      summary: { critical: 0, high: 1, medium: 2, low: 3, unrated: 0 },
      unknown_checks: 0,
      scanned_targets: 1,
    });
    expect(rules(got).toSorted()).toEqual([
      'vm-104 guest.firewall_off',
      'vm-104 guest.no_recent_backup',
      'vm-104 guest.not_backed_up',
      'vm-104 vm.no_agent',
      'vm-104 vm.no_secure_boot',
      'vm-104 vm.no_tpm',
    ]);
    expect(got.list('data.findings').find(({ rule }) => rule === 'vm.no_agent')).toEqual({
      id: expect.stringMatching(/^finding_\d$/),
      rule: 'vm.no_agent',
      severity: 'low',
      target: 'vm-104',
      about: null,
      title: 'The guest agent of VM 104 (build-agent) is off: backups cannot bring its file systems to rest.',
      evidence: ['agent = no (GET /api2/json/nodes/pve-node02/qemu/104/config#/data/agent)'],
      remedy: { text: 'Install qemu-guest-agent in it, and switch the agent on.', can_be_planned: true },
      controls: ['CIS 11.2', 'SOC2 A1.2'],
      cves: [],
    });
    const { rules: told } = got.at('data.scan') as { rules: object[] }; // the scan's details
    expect(told).toContainEqual(expect.objectContaining({ id: 'guest.os_ended', state: 'passed' }));
    expect(told).toContainEqual(expect.objectContaining({ id: 'vm.no_agent', state: 'failed', failed: 1, passed: 0 }));
  });

  test('takes along what a VM stands on', async () => {
    const got = await scanned({
      scan_type: 'vulnerability',
      targets: ['vm-111'],
      scan_options: { deep_scan: true, include_dependencies: true },
    });
    expect(got.at('data.scan.targets')).toEqual(['vm-111', 'pve-node03', 'cluster']);
    const known = got.list('data.findings').filter(({ rule }) => rule === 'node.known_vulnerability');
    expect(known.map(({ severity, about, cves }) => ({ severity, about, cves }))).toContainEqual({
      severity: 'unrated',
      about: 'update/pve-node03/curl',
      cves: ['CVE-2025-10148', 'CVE-2025-9086'],
    });
    const shallow = await scanned({ scan_type: 'vulnerability', targets: ['pve-node03'] });
    expect(rules(shallow)).toEqual(['pve-node03 node.security_updates']);
  });

  test('of everything scores each target, is listed, and written to the audit log', async () => {
    await lab.later(1);
    const got = await scanned({ scan_type: 'compliance' });
    const id = got.text('data.scan.id');
    const targets = await lab.send(`GET /v1/security/scans/${id}/targets?limit=3`, token);
    expect(targets.list('data.targets').map(({ target }) => target)).toEqual(['cluster', 'vm-104', 'vm-111']);
    expect(targets.at('data.pagination.total')).toBe(18);
    const listed = await lab.send('GET /v1/security/scans?type=compliance&status=completed&limit=1', token);
    expect(listed.at('data.scans.0')).toMatchObject({ id, score: got.at('data.scan.score'), targets: null });
    const log = await lab.service.store.auditLog(0, 1_000);
    const written = log.filter(({ data }) => data['id'] === id).map(({ kind, who }) => `${kind} by ${who}`);
    expect(written).toEqual(['scan.requested by anna', 'scan.completed by anna']);
  });

  test('pages its findings, by severity, target and rule', async () => {
    const got = await scanned({ scan_type: 'configuration' });
    const url = `GET /v1/security/scans/${got.text('data.scan.id')}`;
    const total = Number(got.at('data.pagination.total'));
    const seen: unknown[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const page = await lab.send(`${url}?limit=20${cursor === '' ? '' : `&cursor=${String(cursor)}`}`, token);
      seen.push(...page.list('data.findings').map(({ id }) => id));
      cursor = page.at('data.pagination.next_cursor');
    }
    expect([seen.length, new Set(seen).size]).toEqual([total, total]);
    const high = await lab.send(`${url}?severity=high`, token);
    expect(high.list('data.findings').every(({ severity }) => severity === 'high')).toBe(true);
    expect(high.at('data.pagination.total')).toBe(got.at('data.scan.summary.high'));
    expect(rules(await lab.send(`${url}?target=vm-104&rule=vm.no_tpm`, token))).toEqual(['vm-104 vm.no_tpm']);
    expect((await lab.send(`${url}?severity=grave`, token)).status).toBe(422);
  });

  test.each(['', '/targets', '/findings/finding_1/remedy'])('that there is not is not found: %s', async (path) => {
    const method = path.endsWith('remedy') ? 'POST' : 'GET';
    expect((await lab.send(`${method} /v1/security/scans/scan_none${path}`, token)).status).toBe(404);
  });
});

describe('with two connections', () => {
  let two: Lab;
  beforeAll(async () => {
    two = await Lab.start();
    const clusters = two.service.clusters as Map<string, NonNullable<ReturnType<typeof two.service.clusters.get>>>; // the lab made it
    const [home] = clusters.values();
    if (home !== undefined) clusters.set('east', home);
  });
  afterAll(() => two.close());

  test.each<[wish: object, connection: string, targets: readonly string[]]>([
    [{ targets: ['east:vm-104', 'east:cluster'] }, 'east', ['east:vm-104', 'east:cluster']],
    [{ targets: ['vm-104', 'pve-node01'], connection: 'east' }, 'east', ['east:vm-104', 'east:pve-node01']],
    [{ targets: ['vm-104'] }, 'home', ['vm-104']],
  ])('%j', async (wish, connection, targets) => {
    const all = await two.token(['security:read', 'security:write']);
    const begun = await two.send('POST /v1/security/scans', all, { scan_type: 'configuration', ...wish });
    const url = `GET /v1/security/scans/${begun.text('data.scan.id')}`;
    expect(begun.body).toMatchObject({ data: { scan: { status: 'running' } } });
    let got = await two.send(url, all);
    while (got.text('data.scan.status') === 'running') {
      await new Promise((resolve) => setImmediate(resolve));
      got = await two.send(url, all);
    }
    expect(got.at('data.scan')).toMatchObject({ connection, targets });
    const of = await two.send(`${url}?target=${targets[0]}`, all);
    expect(of.list('data.findings').map(({ target }) => target)).toContain(targets[0]);
  });

  test('a scan is of one', async () => {
    const all = await two.token(['security:write']);
    const wish = { scan_type: 'configuration', targets: ['vm-104', 'east:vm-103'] };
    const got = await two.send('POST /v1/security/scans', all, wish);
    expect(got.at('error.details')).toMatchObject({ reason: 'other_cluster', provided_value: 'east:vm-103' });
  });
});

test('what a scan came to stands with the guests', async () => {
  const reader = await lab.token(['vm:read']);
  await scanned({ scan_type: 'compliance', targets: ['vm-112'] });
  const details = await lab.send('GET /v1/vms/vm-112', reader);
  expect(details.at('data.vm.security')).toMatchObject({
    last_security_scan: expect.stringMatching(/^2026-02-23T10/),
    compliance_score: 86,
    vulnerabilities: { critical: 0, high: 0, medium: 0, low: 0 },
  });
  const listed = await lab.send('GET /v1/vms?sort=id', reader);
  const row = listed.list('data.vms').find(({ id }) => id === 'vm-112');
  expect(row?.['security']).toMatchObject({ compliance_score: 86 });
});

describe('a remedy', () => {
  test('is planned and carried out as a change, and then it was so already', async () => {
    const got = await scanned({ scan_type: 'compliance', targets: ['vm-105'] });
    const base = `/v1/security/scans/${got.text('data.scan.id')}/findings`;
    const idOf = (rule: string): string =>
      String(got.list('data.findings').find((each) => each['rule'] === rule)?.['id']);
    const remedy = `POST ${base}/${idOf('guest.unprotected')}/remedy`;
    const begun = await lab.send(remedy, token);
    expect(begun).toMatchObject({ status: 202, body: { data: { status: 'pending', message: /protection/i } } });
    expect(await lab.ended(begun.text('data.job_id'))).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    expect(await lab.send(remedy, token)).toMatchObject({ status: 200, body: { data: { status: 'unchanged' } } });
    const byHand = await lab.send(`POST ${base}/${idOf('vm.no_tpm')}/remedy`, token);
    expect(byHand).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringMatching(/TPM State/), details: { reason: 'cannot_be_planned' } } },
    });
    expect((await lab.send(`POST ${base}/finding_99/remedy`, token)).status).toBe(404);
    const weak = await lab.token(['security:read', 'security:write']);
    const denied = await lab.send(remedy, weak);
    expect(denied).toMatchObject({ status: 403, body: { error: { details: { required_scope: 'vm:write' } } } });
  });
});
