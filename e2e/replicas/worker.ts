import { at, type Client } from './client.ts';

/** A machine that one worker turns on and off, and nobody else. */
export interface Machine {
  readonly vmId: string;
  readonly node: string;
  readonly isRunning: boolean;
}

/** What was asked for and done, to hold the cluster against. */
export interface Done {
  readonly call: string;
  readonly jobId: string;
  readonly status: string;
}

/** Whose word a change needs: the request's own, or that of somebody who approves it. */
export type Word = { readonly kind: 'own' } | { readonly kind: 'another'; readonly approver: Client };

/** Turns a machine on and off, each time under a key of its own, until it is told to stop. */
export async function work(
  client: Client,
  { vmId, node, isRunning }: Machine,
  { word, isOver }: { word: Word; isOver: () => boolean },
): Promise<Done[]> {
  const done: Done[] = [];
  const vmid = vmId.slice('vm-'.length);
  for (let round = 0; !isOver(); round++) {
    const isOn = (round % 2 === 0) === isRunning;
    const key = `${vmId}-${round}`;
    const body = isOn ? { graceful: false } : undefined;
    const verb = isOn ? 'stop' : 'start';
    const path = `/v1/vms/${vmId}/${verb}`;
    const asked = await client.send('POST', path, { key, ...(body === undefined ? {} : { body }) });
    if (asked.status !== 202) throw new Error(`${path}: ${asked.status} ${JSON.stringify(asked.body)}`);
    // Asked again it must be the same job, whatever became of it.
    const again = await client.send('POST', path, { key, ...(body === undefined ? {} : { body }) });
    const jobId = String(
      word.kind === 'own'
        ? at(asked, 'data.job_id')
        : await approved(word.approver, String(at(asked, 'data.approval_id'))),
    );
    if (word.kind === 'own' && at(again, 'data.job_id') !== jobId) {
      throw new Error(`${path} under one key gave two answers: ${JSON.stringify([asked.body, again.body])}`);
    }
    const status = await client.ended(jobId);
    done.push({ call: `POST /nodes/${node}/qemu/${vmid}/status/${verb}`, jobId, status });
  }
  return done;
}

async function approved(approver: Client, approvalId: string): Promise<unknown> {
  const got = await approver.send('POST', `/v1/approvals/${approvalId}/approve`, { key: approvalId, body: {} });
  if (got.status !== 202) throw new Error(`approval ${approvalId}: ${got.status} ${JSON.stringify(got.body)}`);
  return at(got, 'data.job_id');
}
