import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:read', 'vm:write', 'job:read', 'job:write']);
});
afterAll(() => lab.close());

async function statusOf(id: string): Promise<string> {
  const got = await lab.send('GET /v1/vms?sort=id', token);
  return String(got.list('data.vms').find((vm) => vm['id'] === id)?.['status']);
}

describe('a change', () => {
  test('is begun at once, followed as a job, and proven', async () => {
    const begun = await lab.send('POST /v1/vms/vm-103/stop', token, { graceful: true, timeout_seconds: 300 });
    expect(begun).toMatchObject({
      status: 202,
      body: { success: true, data: { status: 'pending', job_id: expect.stringMatching(/^job_/) } },
    });
    const id = begun.text('data.job_id');
    expect((await lab.send(`GET /v1/jobs/${id}`, token)).at('data.job')).toMatchObject({
      id,
      type: 'guest_shutdown',
      status: expect.stringMatching(/pending|running/),
      logs: expect.arrayContaining([expect.objectContaining({ level: 'info', message: 'Begun.' })]),
    });
    await lab.ended(id);
    expect((await lab.send(`GET /v1/jobs/${id}`, token)).at('data.job')).toMatchObject({
      status: 'completed',
      progress: 100,
      estimated_completion: null,
    });
    expect(await statusOf('vm-103')).toBe('stopped');
    const again = await lab.send('POST /v1/vms/vm-103/stop', token);
    expect(again).toMatchObject({ status: 200, body: { data: { status: 'unchanged', job_id: null } } });
    const audit = await lab.service.store.auditLog(0, 100);
    expect(audit.filter(({ who, door }) => who === 'anna' && door === 'rest').map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['plan.proposed', 'plan.approved', 'job.begun', 'call.sent', 'job.ended']),
    );
  });

  test('waits for a person where the token asks for one', async () => {
    const careful = await lab.token(['vm:write'], { approval: 'required' });
    const asked = await lab.send('POST /v1/vms/vm-105/restart', careful);
    expect(asked).toMatchObject({
      status: 202,
      body: { data: { status: 'pending_approval', job_id: null, approval_id: expect.stringMatching(/^plan_/) } },
    });
    const jobs = await lab.service.store.jobs({ limit: 9 });
    expect(jobs.map(({ plan_id: plan }) => plan)).not.toContain(asked.at('data.approval_id'));
  });

  const refused: [line: string, body: object | undefined, status: number, says: RegExp][] = [
    ['POST /v1/vms/vm-999/start', undefined, 404, /There is no VM vm-999/],
    ['POST /v1/vms/vm-0/start', undefined, 404, /There is no VM vm-0/],
    ['POST /v1/vms/101/start', undefined, 404, /There is no VM 101/],
    ['POST /v1/vms/mars:vm-101/start', undefined, 404, /There is no VM mars:vm-101/],
    ['POST /v1/vms/vm-9000/start', undefined, 409, /is a template/],
    ['POST /v1/vms/vm-101/stop', { graceful: false, timeout_seconds: 60 }, 422, /not waited for/],
    ['POST /v1/vms/vm-101/stop', { timeout_seconds: 0 }, 422, /at least 1/],
    ['POST /v1/vms/vm-101/stop', { now: true }, 422, /There is no field now/],
    ['DELETE /v1/jobs/job_none', undefined, 404, /There is no job job_none/],
  ];
  test.each(refused)('%s %j is refused', async (line, body, status, says) => {
    const got = await lab.send(line, token, body);
    expect({ status: got.status, message: got.at('error.message') }).toEqual({
      status,
      message: expect.stringMatching(says),
    });
  });
});
