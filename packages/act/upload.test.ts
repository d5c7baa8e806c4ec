import { createHash } from 'node:crypto';
import type { LocalFiles } from '@pxa/catalog';
import type { Fact, Job, LocalFile, PlanRecord } from '@pxa/contract';
import type { Fault } from '@pxa/sandbox';
import { describe, expect, test } from 'vitest';
import { type Lab, openLab } from './testing/lab.ts';
import { NODE1, NODE2, planOf } from './testing/plans.ts';

const CONTENT = Buffer.alloc(300_000, 'an image of sorts ');
const FILE: LocalFile = {
  path: '/home/anna/a.iso',
  bytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};

/** A computer with that one file; `content` is what it holds when it is sent. */
const computer = (content: Buffer = CONTENT): LocalFiles => ({
  look: () => Promise.resolve({ ok: true, file: FILE }),
  async *read() {
    await Promise.resolve();
    for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
  },
});

const changed: LocalFiles = {
  ...computer(),
  look: () => Promise.resolve({ ok: true, file: { ...FILE, sha256: '0'.repeat(64) } }),
};

const there = (is: Fact['is']): Fact => ({
  about: 'a.iso',
  read: { path: `/nodes/${NODE2}/storage/local/content`, params: {} },
  at: ['[volid=local:iso/a.iso]', 'volid'],
  is,
});

/** Onto the second node by way of the first, which is the one that takes requests in. */
const plan = (): PlanRecord =>
  planOf([
    {
      call: `POST /nodes/${NODE2}/storage/local/upload`,
      params: { content: 'iso', filename: 'a.iso', checksum: FILE.sha256, 'checksum-algorithm': 'sha256' },
      relies_on: [there(null)],
      expects: [there('local:iso/a.iso')],
      tasks: [{ type: 'imgcopy', id: '', at_entry: true }],
      file: FILE,
    },
  ]);

const onUpload = (fault: object): Fault =>
  ({ method: 'POST', path: `/nodes/${NODE2}/storage/local/upload`, ...fault }) as Fault; // Whole with what is given.

interface Case {
  readonly name: string;
  readonly files?: LocalFiles;
  readonly faults?: readonly Fault[];
  readonly state: Job['state'];
  /** What the step says in the end, and how often it was sent. */
  readonly says: RegExp;
  readonly writes: number;
  /** Where its task ran. */
  readonly ranOn?: string;
}

const CASES: Case[] = [
  { name: 'sent', files: computer(), state: 'done', says: /task ended OK/, writes: 1, ranOn: NODE1 },
  {
    name: 'changed since it was planned',
    files: changed,
    state: 'drifted',
    says: /not the file that it was/,
    writes: 0,
  },
  {
    name: 'changed while it is sent',
    files: computer(Buffer.alloc(CONTENT.length, 'x')),
    state: 'failed',
    says: /Nothing was sent: .*was broken off/,
    writes: 0,
  },
  { name: 'no files here', state: 'failed', says: /the computer that this was asked for on/, writes: 0 },
  {
    name: 'answer lost',
    files: computer(),
    faults: [onUpload({ fault: 'drop', when: 'after', times: 1 })],
    state: 'done',
    says: /task ended OK/,
    writes: 1,
    ranOn: NODE1,
  },
];

async function carriedOut(lab: Lab): Promise<Job> {
  const job = await lab.run(await lab.approved(plan()));
  if (job === 'died') throw new Error('nobody dies here');
  return job;
}

describe('a file that goes along', () => {
  test.each(CASES)('$name', async ({ files, faults = [], state, says, writes, ranOn }) => {
    const lab = await openLab(files === undefined ? {} : { files });
    for (const fault of faults) lab.sandbox.faults.add(fault);
    const job = await carriedOut(lab);
    expect(job).toMatchObject({ state });
    expect(job.steps[0]?.result).toMatch(says);
    expect(lab.writes).toHaveLength(writes);
    if (ranOn !== undefined) expect(job.steps[0]?.upid).toContain(`UPID:${ranOn}:`);
    await lab.close();
  });

  test('whose process dies right after it was sent is found by its task, and not sent again', async () => {
    const lab = await openLab({ files: computer() });
    const jobId = await lab.approved(plan());
    // Far enough for the request to be out, whichever step of the process that is.
    const died = await lab.run(jobId, { process: await dyingAfterUpload() });
    expect(died).toBe('died');
    const job = await lab.resume(jobId);
    expect(job).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    expect(lab.writes).toHaveLength(1);
    await lab.close();

    async function dyingAfterUpload(): Promise<ReturnType<Lab['process']>> {
      const rehearsal = await openLab({ files: computer() });
      const process = rehearsal.process();
      const before: number[] = [];
      const write = `POST /nodes/${NODE2}/storage/local/upload`;
      const known = rehearsal.writes.push.bind(rehearsal.writes);
      rehearsal.writes.push = (...lines) => {
        if (lines.includes(write)) before.push(process.steps);
        return known(...lines);
      };
      await rehearsal.run(await rehearsal.approved(plan()), { process });
      await rehearsal.close();
      return lab.process({ at: before[0] ?? 1, when: 'after' });
    }
  });
});
