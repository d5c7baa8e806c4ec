import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Scan } from '@pxa/contract';
import { type Got, Lab } from '../testing/lab.ts';
import { Scans } from './scans.ts';

let lab: Lab;
afterEach(() => lab.close());

const reader = (): Promise<string> => lab.token(['security:read', 'security:write']);

async function ended(token: string, id: string): Promise<Got> {
  for (;;) {
    const got = await lab.send(`GET /v1/security/scans/${id}`, token);
    if (['completed', 'failed'].includes(got.text('data.scan.status'))) return got;
    await new Promise((resolve) => setImmediate(resolve));
    await lab.later(1);
  }
}

const left: Scan = {
  id: 'scan_left',
  type: 'vulnerability',
  connection: 'home',
  targets: ['node/pve-node03'],
  deep_scan: false,
  include_dependencies: false,
  status: 'pending',
  requested_by: 'anna',
  created_at: '2026-02-23T09:00:00.000Z',
  started_at: null,
  completed_at: null,
  error: null,
  result: null,
};

async function leave(scan: Scan): Promise<void> {
  const whose = { who: 'anna', door: 'rest', cluster: '', plan_id: null, job_id: null } as const;
  await lab.service.kept.addScan(scan, { at: scan.created_at, kind: 'scan.requested', ...whose, data: {} });
}

test('a scan that a dead process left is taken up when its hold has run out, and its late end is refused', async () => {
  lab = await Lab.start();
  const token = await reader();
  const { kept, now } = lab.service;
  await leave(left);
  const hold = await kept.takeLease({ name: 'scan:scan_left', owner: 'dead', now: now(), leaseMs: 30_000 });
  const run = (await kept.startScan('scan_left', left.created_at)) ?? 0;
  await lab.later(20);
  expect(await kept.scan('scan_left')).toMatchObject({ status: 'running', started_at: left.created_at });
  const got = await ended(token, 'scan_left');
  expect(got.at('data.scan')).toMatchObject({ status: 'completed', score: 92 });
  const late = { status: 'failed', at: left.created_at, error: 'late' } as const;
  const entry = {
    at: late.at,
    kind: 'scan.completed',
    who: '',
    door: '',
    cluster: '',
    plan_id: null,
    job_id: null,
    data: {},
  };
  expect([hold?.owner, await kept.endScan('scan_left', run, late, entry)]).toEqual(['dead', false]);
});

test('a scan that ends whatever runs it is given up, and not begun for ever', async () => {
  lab = await Lab.start();
  const token = await reader();
  await leave(left);
  for (let run = 0; run < 5; run += 1) await lab.service.kept.startScan('scan_left', left.created_at);
  await lab.later(20);
  const got = await ended(token, 'scan_left');
  expect(got.at('data.scan')).toMatchObject({
    status: 'failed',
    score: null,
    error: expect.stringMatching(/begun 5 times .* fewer targets .* more memory/),
  });
});

test('a scan that is let go of stays as it is, and whoever comes next may begin it at once', async () => {
  lab = await Lab.start();
  const { kept, now } = lab.service;
  lab.sandbox.faults.add({ fault: 'hang', path: '/nodes/pve-node03/apt/update' });
  await leave(left);
  const broken: unknown[] = [];
  const scans = new Scans(lab.service, (error) => broken.push(error));
  await scans.begin('scan_left');
  expect(await kept.scan('scan_left')).toMatchObject({ status: 'running' });
  expect(await kept.takeLease({ name: 'scan:scan_left', owner: 'next', now: now(), leaseMs: 1 })).toBeUndefined();
  await scans.close();
  expect(await kept.scan('scan_left')).toMatchObject({ status: 'running', completed_at: null });
  expect(await kept.takeLease({ name: 'scan:scan_left', owner: 'next', now: now(), leaseMs: 1 })).toMatchObject({
    fence: 2,
  });
  expect(broken).toEqual([]);
});

test('one more than can run waits, and is begun in its turn', async () => {
  lab = await Lab.start();
  const token = await reader();
  const wish = { scan_type: 'compliance' };
  const begun = await Promise.all([1, 2, 3].map(() => lab.send('POST /v1/security/scans', token, wish)));
  expect(begun.map((got) => got.at('data.scan.status')).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(
    ['pending', 'running', 'running'],
  );
  const ends = await Promise.all(begun.map((got) => ended(token, got.text('data.scan.id'))));
  expect(ends.map((got) => got.at('data.scan.status'))).toEqual(['completed', 'completed', 'completed']);
});

test('a cluster that says nothing fails the scan, with the reason', async () => {
  lab = await Lab.start();
  const token = await reader();
  lab.sandbox.faults.add({ fault: 'error', status: 500, message: 'it is broken', path: '/**' });
  const begun = await lab.send('POST /v1/security/scans', token, { scan_type: 'compliance' });
  const got = await ended(token, begun.text('data.scan.id'));
  expect(got.at('data.scan')).toMatchObject({
    status: 'failed',
    error: expect.stringMatching(/it is broken/),
    score: null,
  });
  expect(got.list('data.findings')).toEqual([]);
  const targets = await lab.send('POST /v1/security/scans', token, { scan_type: 'compliance', targets: ['vm-101'] });
  expect(targets).toMatchObject({ status: 503, body: { error: { code: 'CLUSTER_UNAVAILABLE' } } });
});

test('what could not be read is told by rule, with the reason, and is neither passed nor failed', async () => {
  lab = await Lab.start();
  const token = await reader();
  lab.sandbox.faults.add({ fault: 'error', status: 403, message: 'no Sys.Modify', path: '/nodes/*/apt/update' });
  const begun = await lab.send('POST /v1/security/scans', token, { scan_type: 'vulnerability' });
  const got = await ended(token, begun.text('data.scan.id'));
  const { rules } = got.at('data.scan') as { rules: { id: string }[] }; // the scan's details
  expect(rules.find(({ id }) => id === 'node.security_updates')).toMatchObject({
    state: 'unknown',
    failed: 0,
    passed: 0,
    unknown: 3,
    reasons: expect.arrayContaining([expect.stringMatching(/no Sys.Modify/)]),
  });
  expect(got.at('data.scan.unknown_checks')).toBe(3);
});

test('a copy of the Debian security tracker rates vulnerabilities; one that is none fails the scan', async () => {
  const file = join(tmpdir(), `tracker-${process.pid}.json`);
  const openssl = { 'CVE-2025-15467': { releases: { trixie: { status: 'resolved', urgency: 'high' } } } };
  await writeFile(file, JSON.stringify({ openssl }));
  lab = await Lab.start({}, { security_tracker_file: file });
  const token = await reader();
  const wish = { scan_type: 'vulnerability', targets: ['pve-node03'], scan_options: { deep_scan: true } };
  const scan = async (): Promise<Got> =>
    ended(token, (await lab.send('POST /v1/security/scans', token, wish)).text('data.scan.id'));
  const rated = await scan();
  const known = rated.list('data.findings').filter(({ rule }) => rule === 'node.known_vulnerability');
  expect(known.map(({ severity, about }) => `${String(severity)} ${String(about)}`)).toEqual([
    'high update/pve-node03/libssl3t64',
    'high update/pve-node03/openssl',
    'unrated update/pve-node03/curl',
  ]);
  await writeFile(file, '[]');
  expect((await scan()).at('data.scan')).toMatchObject({
    status: 'failed',
    error: expect.stringMatching(/security_tracker_file.*not one JSON object/),
  });
});
