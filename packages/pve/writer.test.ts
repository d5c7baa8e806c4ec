import type { Sandbox } from '@pxa/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Approval,
  ApprovalRefused,
  type Cancellation,
  type Permit,
  type WriteCall,
  mintPermits,
  permitForStep,
  permitForUndo,
  permitToRehearse,
  permitToStop,
  stopCall,
} from './gate.ts';
import { type Cluster, NotInFacts, type Session } from './index.ts';
import { Permit as PermitClass, PermitRefused } from './permit.ts';
import { connectTo, startLab } from './testing/lab.ts';
import { type Written, callOf, writerOf } from './writer.ts';

/** Carries nothing out: it answers null after having checked who may do what with which parameters. */
let lab: Sandbox;
/** Meets with trouble on the way to the nodes, which the other one never takes. */
let troubled: Sandbox;
let cluster: Cluster;

beforeAll(async () => {
  [lab, troubled] = await Promise.all([startLab({ probe: true }), startLab()]);
});
afterAll(() => Promise.all([lab.close(), troubled.close()]));
afterEach(async () => {
  troubled.faults.clear();
  await cluster.close();
});

const START: WriteCall = { method: 'POST', path: '/nodes/pve1/qemu/100/status/start', params: { timeout: 30 } };
const STOP: WriteCall = { method: 'POST', path: '/nodes/pve1/qemu/100/status/stop', params: {} };
const DELETE: WriteCall = { method: 'DELETE', path: '/nodes/pve1/qemu/100', params: { purge: 1 } };

function approvalOf(...steps: WriteCall[]): Approval {
  const plan = { id: 'plan_1', hash: 'sha256:1', expires_at: '2026-01-15T13:00:00Z', steps };
  return { plan, approved_hash: plan.hash, approved_by: 'root@pam', approved_at: '2026-01-15T12:00:00Z' };
}

function permitFor(call: WriteCall): Permit {
  const [permit] = mintPermits(approvalOf(call));
  if (permit === undefined) throw new Error('no permit was minted');
  return permit;
}

function open(auth?: Parameters<typeof connectTo>[1], to = lab): Session {
  cluster = connectTo(to, auth);
  return cluster.session();
}

const told = ({ calls }: Session): string[] =>
  calls.map(({ method, path, status }) => `${method} ${path.replace('/api2/json', '')} ${status}`);

describe('a permitted call', () => {
  test.each([
    [START, 'POST /nodes/pve1/qemu/100/status/start 200'],
    [DELETE, 'DELETE /nodes/pve1/qemu/100?purge=1 200'],
    [
      { method: 'PUT', path: '/nodes/pve1/qemu/100/config', params: { onboot: true } },
      'PUT /nodes/pve1/qemu/100/config 200',
    ],
  ] as [WriteCall, string][])('%j is made', async (call, line) => {
    const session = open();
    expect(await writerOf(session).writeCall(permitFor(call), call)).toEqual({ ok: true, data: null, call: 0 });
    expect(told(session)).toEqual([line]);
  });

  test('may be written as a route, with values of other types', async () => {
    const session = open();
    const params = { node: 'pve1', vmid: 100, timeout: 30 };
    const written = await writerOf(session).write(
      permitFor(START),
      'POST',
      '/nodes/{node}/qemu/{vmid}/status/start',
      params,
    );
    expect(written).toMatchObject({ ok: true });
    expect(callOf('POST', '/nodes/{node}/qemu/{vmid}/status/start', params)).toEqual({
      ...START,
      params: { timeout: '30' },
    });
  });

  test('carries the CSRF token where it goes by ticket', async () => {
    const session = open({ kind: 'password', username: 'root@pam', password: 'sandbox' }, troubled);
    troubled.faults.add({ fault: 'error', status: 599, path: START.path });
    await writerOf(session).writeCall(permitFor(START), START);
    // The fault strikes after the login stage, which would have answered 401 without the token.
    expect(told(session)).toEqual(['POST /access/ticket 200', 'POST /nodes/pve1/qemu/100/status/start 599']);
  });
});

describe('a call without its permit is not made', () => {
  /** What is no permit, or none for START. */
  const CASES: [name: string, permit: () => unknown][] = [
    ['nothing', () => undefined],
    ['an object of the same shape', () => ({ ...permitFor(START) })],
    ['a copy', () => Object.assign(Object.create(PermitClass.prototype) as object, permitFor(START))],
    ['a clone', () => structuredClone(permitFor(START))],
    ['a proxy', () => new Proxy(permitFor(START), {})],
    ['one for another method', () => permitFor({ ...START, method: 'POST', path: '/nodes/pve1/qemu/100/status/stop' })],
    ['one for another guest', () => permitFor({ ...START, path: '/nodes/pve1/qemu/101/status/start' })],
    ['one for another node', () => permitFor({ ...START, path: '/nodes/pve2/qemu/100/status/start' })],
    ['one for other parameters', () => permitFor({ ...START, params: { timeout: 31 } })],
    ['one for fewer parameters', () => permitFor({ ...START, params: {} })],
    ['one for a rehearsal', () => permitToRehearse(START)],
  ];
  test.each(CASES)('%s', async (_name, make) => {
    const session = open();
    // The point is what happens to code that goes round the types.
    await expect(writerOf(session).writeCall(make() as Permit, START)).rejects.toThrow(PermitRefused);
    expect(session.calls).toEqual([]);
  });

  test('nor twice with one', async () => {
    const session = open();
    const writer = writerOf(session);
    const permit = permitFor(START);
    const both = await Promise.allSettled([writer.writeCall(permit, START), writer.writeCall(permit, START)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(writer.writeCall(permit, START)).rejects.toThrow(/has been used/);
    expect(session.calls).toHaveLength(1);
  });

  test('nor by constructing or subclassing one', () => {
    class Forged extends PermitClass {}
    expect(() => new PermitClass(Symbol('mint'), START, 'cluster')).toThrow(PermitRefused);
    expect(() => new Forged(Symbol('mint'), START, 'cluster')).toThrow(PermitRefused);
  });

  test('nor through what is no session', () => {
    open();
    expect(() => writerOf({ ...cluster.session() })).toThrow(TypeError);
  });
});

describe('an approval that does not cover a plan mints nothing', () => {
  const CASES: [name: string, approval: Approval, error: new (...args: never[]) => Error][] = [
    ['another hash', { ...approvalOf(START), approved_hash: 'sha256:2' }, ApprovalRefused],
    [
      'no hash',
      { ...approvalOf(START), plan: { ...approvalOf(START).plan, hash: '' }, approved_hash: '' },
      ApprovalRefused,
    ],
    ['by nobody', { ...approvalOf(START), approved_by: ' ' }, ApprovalRefused],
    ['after its end', { ...approvalOf(START), approved_at: '2026-01-15T13:00:01Z' }, ApprovalRefused],
    ['at no time', { ...approvalOf(START), approved_at: 'soon' }, ApprovalRefused],
    ['of no call of Proxmox VE', approvalOf(START, { method: 'POST', path: '/nonsense', params: {} }), NotInFacts],
    ['of an unknown parameter', approvalOf({ ...START, params: { now: 1 } }), NotInFacts],
  ];
  test.each(CASES)('%s', (_name, approval, error) => {
    expect(() => mintPermits(approval)).toThrow(error);
  });
});

describe('a permit for one call of a plan', () => {
  const both = approvalOf(START, DELETE);
  const plan: Approval = { ...both, plan: { ...both.plan, undo: [[STOP], []] } };
  const UPID = 'UPID:pve2:000019CE:03CAFC4E:6968D3C0:vzdump:100:root@pam!sandbox:';
  const CANCELLATION: Cancellation = {
    job_id: 'job_1',
    requested_by: 'anna@pve',
    requested_at: '2026-01-15T12:00:00Z',
    upid: UPID,
  };
  const GOOD: [name: string, permit: () => Permit, call: WriteCall][] = [
    ['a step', () => permitForStep(plan, 1), DELETE],
    ['what takes a step back', () => permitForUndo(plan, 0, 0), STOP],
    ['stopping a task', () => permitToStop(CANCELLATION), stopCall(UPID)],
  ];
  test.each(GOOD)('%s: that call, and no other', async (_name, permit, call) => {
    expect(await writerOf(open()).writeCall(permit(), call)).toMatchObject({ ok: true });
    const other = { ...call, path: '/nodes/pve1/qemu/999', method: 'DELETE' } as const;
    await expect(writerOf(open()).writeCall(permit(), other)).rejects.toThrow(PermitRefused);
  });

  const NONE: [name: string, permit: () => Permit, error: new (...args: never[]) => Error][] = [
    ['of a step that the plan does not have', () => permitForStep(plan, 2), ApprovalRefused],
    ['of an undo that the plan does not have', () => permitForUndo(plan, 1, 0), ApprovalRefused],
    ['of an undo of a plan without', () => permitForUndo(both, 0, 0), ApprovalRefused],
    ['of a step approved by nobody', () => permitForStep({ ...plan, approved_by: '' }, 0), ApprovalRefused],
    ['of an undo under another hash', () => permitForUndo({ ...plan, approved_hash: 'x' }, 0, 0), ApprovalRefused],
    ['to stop what nobody cancelled', () => permitToStop({ ...CANCELLATION, requested_by: ' ' }), ApprovalRefused],
    ['to stop at no time', () => permitToStop({ ...CANCELLATION, requested_at: '' }), ApprovalRefused],
    ['to stop what is no task', () => permitToStop({ ...CANCELLATION, upid: '/nodes/pve1/qemu/100' }), NotInFacts],
  ];
  test.each(NONE)('none %s', (_name, permit, error) => {
    expect(permit).toThrow(error);
  });
});

describe('a write that goes wrong', () => {
  interface Case {
    name: string;
    fault?: Parameters<Sandbox['faults']['add']>[0];
    call?: WriteCall;
    gives: object;
    /** How often the call was made: never more than once. */
    made: 0 | 1;
  }
  const CASES: Case[] = [
    {
      name: 'refused by Proxmox',
      fault: { fault: 'error', status: 500, message: 'VM is locked (backup)' },
      gives: { sent: 'refused', problem: { kind: 'server' } },
      made: 1,
    },
    {
      name: 'no quorum',
      fault: { fault: 'no_quorum' },
      gives: { sent: 'refused', problem: { kind: 'no_quorum' } },
      made: 1,
    },
    {
      name: 'cut before it was carried out',
      fault: { fault: 'drop' },
      gives: { sent: 'maybe', problem: { kind: 'unreachable' } },
      made: 1,
    },
    {
      name: 'cut after it was carried out',
      fault: { fault: 'drop', when: 'after' },
      gives: { sent: 'maybe' },
      made: 1,
    },
    {
      name: 'node out of reach',
      fault: { fault: 'error', status: 595 },
      gives: { sent: 'no', problem: { kind: 'node_unreachable' } },
      made: 1,
    },
    {
      name: 'node silent',
      fault: { fault: 'error', status: 596 },
      gives: { sent: 'maybe', problem: { kind: 'node_unreachable' } },
      made: 1,
    },
    { name: 'gateway in trouble', fault: { fault: 'error', status: 502 }, gives: { sent: 'maybe' }, made: 1 },
    {
      name: 'a value that Proxmox would refuse',
      call: { ...START, params: { timeout: 'long' } },
      gives: { sent: 'no', problem: { kind: 'invalid', status: 0 } },
      made: 0,
    },
  ];
  test.each(CASES)('$name', async ({ fault, call = START, gives, made }) => {
    if (fault !== undefined) troubled.faults.add(fault);
    const session = open(undefined, troubled);
    const written: Written = await writerOf(session).writeCall(permitFor(START), call);
    expect(written).toMatchObject({ ok: false, ...gives });
    expect(session.calls).toHaveLength(made);
  });

  test('is not made again when nobody could be reached, or the ticket was refused', async () => {
    const gone = await startLab({ probe: true });
    cluster = connectTo(gone);
    await gone.close();
    const session = cluster.session();
    expect(await writerOf(session).writeCall(permitFor(START), START)).toMatchObject({ ok: false, sent: 'no' });
    expect(session.calls).toHaveLength(1);
    troubled.faults.add({ fault: 'expired_ticket' });
    const other = open({ kind: 'password', username: 'root@pam', password: 'sandbox' }, troubled);
    expect(await writerOf(other).writeCall(permitFor(START), START)).toMatchObject({ ok: false, sent: 'refused' });
    expect(told(other)).toEqual(['POST /access/ticket 200', 'POST /nodes/pve1/qemu/100/status/start 401']);
  });
});
