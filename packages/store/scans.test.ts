import type { Scan, ScanFinding, ScanResult, ScanScore } from '@pxa/contract';
import { describe, expect, it } from 'vitest';
import { openAll, type StorePlace } from './open.ts';
import type { ScanEnd } from './scans.ts';
import { engines } from './testing/engines.ts';
import { at, entry, NOW_MS } from './testing/samples.ts';

const none = { critical: 0, high: 0, medium: 0, low: 0, unrated: 0 };
const result: ScanResult = { score: 80, counts: { ...none, high: 1 }, unknown: 0, targets: 1 };

function scanOf(id: string, more: Partial<Scan> = {}): Scan {
  return {
    id,
    type: 'compliance',
    connection: 'home',
    targets: null,
    deep_scan: false,
    include_dependencies: false,
    status: 'pending',
    requested_by: 'anna',
    created_at: at(0),
    started_at: null,
    completed_at: null,
    error: null,
    result: null,
    ...more,
  };
}

function findingOf(rule: string, target: string, severity: ScanFinding['severity']): ScanFinding {
  const text = { title: rule, evidence: ['a = b'], remedy: 'do', controls: ['CIS 4.4'], cves: [] };
  return { id: '', rule, severity, target, about: target, can_plan: false, ...text };
}

const scoreOf = (target: string, score: number): ScanScore => ({
  target,
  score,
  counts: none,
  vulnerabilities: null,
  unknown: 0,
});

function completed(seconds: number, findings: readonly ScanFinding[], scores: readonly ScanScore[]): ScanEnd {
  return { status: 'completed', at: at(seconds), result, findings, detail: { rules: [], scores: [...scores] } };
}

describe.each(engines)('scans on $name', ({ fresh }) => {
  const opened = async (place?: StorePlace) => openAll(place ?? (await fresh()), { now: () => NOW_MS });

  it('go from pending to completed, and are there for who opens the store later', async () => {
    const place = await fresh();
    const { store, service } = await opened(place);
    await service.addScan(scanOf('scan_1', { targets: ['qemu/101'] }), entry('scan.requested'));
    expect(await service.openScans()).toMatchObject([{ id: 'scan_1', status: 'pending' }]);
    expect(await service.startScan('scan_1', at(1))).toBe(1);
    const findings = [findingOf('a', 'qemu/101', 'high'), findingOf('b', 'qemu/101', 'low')];
    expect(await service.endScan('scan_1', 1, completed(2, findings, []), entry('scan.completed'))).toBe(true);
    await store.close();
    const later = await opened(place);
    const kept = { status: 'completed', started_at: at(1), completed_at: at(2), result };
    expect(await later.service.scan('scan_1')).toEqual(
      scanOf('scan_1', { targets: ['qemu/101'], ...(kept as object) }),
    );
    expect(await later.service.openScans()).toEqual([]);
    expect(await later.service.startScan('scan_1', at(3))).toBeUndefined();
    expect((await later.store.auditLog(0, 9)).map(({ kind }) => kind)).toEqual(['scan.requested', 'scan.completed']);
    await later.store.close();
  });

  it('take an end from their last run alone', async () => {
    const { store, service } = await opened();
    await service.addScan(scanOf('scan_1'), entry('scan.requested'));
    expect([await service.startScan('scan_1', at(1)), await service.startScan('scan_1', at(2))]).toEqual([1, 2]);
    const failed = { status: 'failed', at: at(3), error: 'no answer' } as const;
    expect(await service.endScan('scan_1', 1, completed(3, [], []), entry('scan.completed'))).toBe(false);
    expect(await service.endScan('scan_1', 2, failed, entry('scan.failed'))).toBe(true);
    expect(await service.endScan('scan_1', 2, completed(4, [], []), entry('scan.completed'))).toBe(false);
    expect(await service.scan('scan_1')).toMatchObject({ status: 'failed', error: 'no answer', result: null });
    expect((await store.auditLog(0, 9)).map(({ kind }) => kind)).toEqual(['scan.requested', 'scan.failed']);
    await store.close();
  });

  it('give their findings by number, severity, target and rule', async () => {
    const { store, service } = await opened();
    await service.addScan(scanOf('scan_1'), entry('scan.requested'));
    await service.startScan('scan_1', at(1));
    const many = Array.from({ length: 250 }, (_, n) =>
      findingOf(n < 10 ? 'a' : 'b', `qemu/${n}`, n < 2 ? 'high' : 'low'),
    );
    await service.endScan('scan_1', 1, completed(2, many, []), entry('scan.completed'));
    const all = { scanId: 'scan_1' };
    expect(await service.countFindings(all)).toBe(250);
    expect(await service.countFindings({ ...all, severity: 'high' })).toBe(2);
    expect(await service.countFindings({ ...all, rule: 'a' }, { order: 'asc', number: 5 })).toBe(4);
    expect(await service.countFindings({ ...all, rule: 'a' }, { order: 'desc', number: 5 })).toBe(5);
    const page = await service.scanFindings(all, { order: 'desc', offset: 1, limit: 2 });
    expect(page.map(({ number, finding }) => [number, finding.id, finding.target])).toEqual([
      [249, 'finding_249', 'qemu/248'],
      [248, 'finding_248', 'qemu/247'],
    ]);
    expect(await service.scanFinding('scan_1', 'finding_3')).toMatchObject({ id: 'finding_3', target: 'qemu/2' });
    expect(await service.scanFinding('scan_1', 'finding_300')).toBeUndefined();
    expect(await service.scanFinding('scan_1', 'nothing')).toBeUndefined();
    await store.close();
  });

  it('leave the newest score of each target by the type of scan', async () => {
    const { store, service } = await opened();
    const scans = [
      ['scan_1', 'compliance', 40],
      ['scan_2', 'vulnerability', 90],
      ['scan_3', 'compliance', 60],
    ] as const;
    for (const [index, [id, type, score]] of scans.entries()) {
      await service.addScan(scanOf(id, { type }), entry('scan.requested'));
      await service.startScan(id, at(index));
      await service.endScan(id, 1, completed(index, [], [scoreOf('qemu/101', score)]), entry('scan.completed'));
    }
    const last = await service.lastScores('home', ['qemu/101', 'qemu/102']);
    expect(last.map(({ type, scanId, score }) => `${type} ${scanId} ${score.score}`).toSorted()).toEqual([
      'compliance scan_3 60',
      'vulnerability scan_2 90',
    ]);
    expect(await service.lastScores('elsewhere', ['qemu/101'])).toEqual([]);
    expect(await service.scanDetail('scan_1')).toEqual({ rules: [], scores: [scoreOf('qemu/101', 40)] });
    expect(await service.scanDetail('scan_9')).toEqual({ rules: [], scores: [] });
    expect((await service.scans()).map(({ id }) => id)).toEqual(['scan_3', 'scan_2', 'scan_1']);
    await store.close();
  });
});
