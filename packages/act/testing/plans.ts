import type { Approval, Fact, Person, PlanRecord, Step, StepRecord } from '@pxa/contract';
import { hashOf } from '../hash.ts';

/** 2026-02-23T10:00:00Z: when labs begin. */
export const NOW_MS = 1_771_840_800_000;
export const CLUSTER = 'tli-prod-cluster';

export const [NODE1, NODE2, NODE3] = ['pve-node01', 'pve-node02', 'pve-node03'] as const;

export const person = (name: string): Person => ({ name, door: 'terminal' });

/** A step of a plan by hand: the call as a line, and what carrying it out needs; what is left out is the usual. */
export interface HandMade extends Partial<Omit<StepRecord, 'undo'>> {
  readonly call: string;
  readonly params?: Record<string, unknown>;
  readonly undo?: readonly string[];
}

/** A plan as it would be kept, of steps made by hand. */
export function planOf(
  steps: readonly HandMade[],
  more: Partial<PlanRecord> & { confirm?: string; id?: string } = {},
): PlanRecord {
  const { confirm, id = 'plan_1', ...rest } = more;
  const unhashed: PlanRecord = {
    plan: {
      id,
      hash: '',
      expires_at: new Date(NOW_MS + 15 * 60_000).toISOString(),
      risk: confirm === undefined ? 'change' : 'destructive',
      says: steps.map(({ call }) => call).join('; '),
      steps: steps.map(({ call, params = {} }) => stepOf(call, params)),
      assumptions: [],
      warnings: [],
      changes: [],
      loses: [],
      ...(confirm === undefined ? {} : { confirm }),
    },
    created_at: new Date(NOW_MS).toISOString(),
    cluster: CLUSTER,
    requested_by: person('anna'),
    request: 'by hand',
    action: 'by.hand',
    records: steps.map(recordOf),
    on_failure: 'stop',
    ...rest,
  };
  return { ...unhashed, plan: { ...unhashed.plan, hash: hashOf(unhashed) } };
}

function stepOf(line: string, params: Record<string, unknown> = {}): Step {
  const [method = '', path = ''] = line.split(' ');
  // Lines are written in this file and in tests.
  return { method: method as Step['method'], path, params, says: line };
}

function recordOf({ call, undo = [], ...given }: HandMade): StepRecord {
  const node = /^\S+ \/nodes\/([^/]+)/.exec(call)?.[1] ?? NODE1;
  const { params: _, ...record } = given;
  return {
    about: /(?:qemu|lxc)\/\d+/.exec(call)?.[0] ?? '',
    node,
    relies_on: [],
    expects: [],
    after: [],
    tasks: [],
    limit_seconds: 3_600,
    undo: undo.map((line) => stepOf(line)),
    ...record,
  };
}

export function approvalFor(record: PlanRecord, more: Partial<Approval> = {}): Approval {
  return {
    id: `approval_of_${record.plan.id}`,
    plan_id: record.plan.id,
    plan_hash: record.plan.hash,
    cluster: record.cluster,
    state: 'pending',
    needed: 1,
    requester_may: true,
    requested_by: record.requested_by,
    requested_at: record.created_at,
    expires_at: record.plan.expires_at,
    decisions: [],
    ...more,
  };
}

const fact = (about: string, path: string, at: readonly string[], is: Fact['is']): Fact => ({
  about,
  read: { path, params: {} },
  at: [...at],
  is,
});

/** `guest` is `pve-node02/qemu/104`. */
export const statusIs = (guest: string, is: string): Fact =>
  fact(`status of ${guest}`, `/nodes/${guest}/status/current`, ['status'], is);
export const configIs = (guest: string, key: string, is: Fact['is']): Fact =>
  fact(`${key} of ${guest}`, `/nodes/${guest}/config`, [key], is);
export const listed = (vmid: number, key: string, is: Fact['is']): Fact =>
  fact(`${key} of ${vmid}`, '/cluster/resources', [`[vmid=${vmid}]`, key], is);

const power = (guest: string, verb: string, { from, to }: { from: string; to: string }): HandMade => {
  const [, type, id = ''] = guest.split('/');
  return {
    call: `POST /nodes/${guest}/status/${verb}`,
    relies_on: [statusIs(guest, from), configIs(guest, 'lock', null)],
    expects: [statusIs(guest, to)],
    tasks: [{ type: `${type === 'qemu' ? 'qm' : 'vz'}${verb}`, id }],
  };
};

export const start = (guest: string): HandMade => power(guest, 'start', { from: 'stopped', to: 'running' });
export const stop = (guest: string): HandMade => power(guest, 'stop', { from: 'running', to: 'stopped' });
export const shutdown = (guest: string): HandMade => power(guest, 'shutdown', { from: 'running', to: 'stopped' });
export const reboot = (guest: string): HandMade => power(guest, 'reboot', { from: 'running', to: 'running' });

export function configure(
  guest: string,
  key: string,
  change: { from: Fact['is']; to: string | number; digest?: string },
): HandMade {
  const { from, to, digest } = change;
  return {
    call: `PUT /nodes/${guest}/config`,
    params: { [key]: to, ...(digest === undefined ? {} : { digest }) },
    relies_on: [configIs(guest, key, from), ...(digest === undefined ? [] : [configIs(guest, 'digest', digest)])],
    expects: [configIs(guest, key, to)],
  };
}

export function snapshot(guest: string, name: string): HandMade {
  const [, type, id = ''] = guest.split('/');
  const at = (is: Fact['is']): Fact =>
    fact(`snapshot ${name}`, `/nodes/${guest}/snapshot`, [`[name=${name}]`, 'name'], is);
  return {
    call: `POST /nodes/${guest}/snapshot`,
    params: { snapname: name },
    relies_on: [at(null)],
    expects: [at(name)],
    tasks: [{ type: type === 'qemu' ? 'qmsnapshot' : 'vzsnapshot', id }],
    undo: [`DELETE /nodes/${guest}/snapshot/${name}`],
  };
}

export function clone(guest: string, newid: number, params: Record<string, unknown> = {}): HandMade {
  const [, , id = ''] = guest.split('/');
  return {
    call: `POST /nodes/${guest}/clone`,
    params: { newid, full: 1, ...params },
    relies_on: [listed(newid, 'vmid', null)],
    expects: [listed(newid, 'vmid', newid), listed(newid, 'lock', null)],
    tasks: [{ type: 'qmclone', id }],
  };
}

export function migrate(guest: string, target: string): HandMade {
  const [node = '', , id = ''] = guest.split('/');
  return {
    call: `POST /nodes/${guest}/migrate`,
    params: { target },
    relies_on: [listed(Number(id), 'node', node)],
    expects: [listed(Number(id), 'node', target)],
    tasks: [{ type: 'qmigrate', id }],
  };
}

export function destroy(guest: string): HandMade {
  const [, , id = ''] = guest.split('/');
  return {
    call: `DELETE /nodes/${guest}`,
    relies_on: [statusIs(guest, 'stopped')],
    expects: [listed(Number(id), 'vmid', null)],
    tasks: [{ type: 'qmdestroy', id }],
  };
}
