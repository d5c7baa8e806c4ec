import type { Changes } from '@pxa/assistant';
import type { Job } from '@pxa/contract';
import { z } from 'zod';
import { callerKnown, personOf } from '../auth/caller.ts';
import { allChanges } from '../changes/kept.ts';
import { answer, answerOf, Done, done } from '../http/envelope.ts';
import { notFound, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { JobDetails, jobSummary, JobSummary, logOf } from './schemas.ts';

const Params = z.object({ job_id: z.string() });
const mostEvents = 1_000;

/** Jobs: what is being carried out, and what was. */
export async function jobRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: { scope: 'job:read', limit: 'read' },
      schema: { response: { 200: answerOf(z.object({ jobs: z.array(JobSummary) })) } },
    },
    async (request) => {
      const changes = allChanges(service);
      const jobs = await Promise.all((await changes.jobs()).map((job) => told(changes, job)));
      return answer(request, { jobs });
    },
  );

  // Not limited: whoever waits for a job looks often.
  app.get(
    '/:job_id',
    {
      config: { scope: 'job:read' },
      schema: { params: Params, response: { 200: answerOf(z.object({ job: JobDetails })) } },
    },
    async (request) => {
      const { changes, job } = await found(request.params.job_id);
      const events = await changes.lastEvents(job.id, mostEvents);
      return answer(request, { job: { ...(await told(changes, job)), logs: events.map(logOf) } });
    },
  );

  app.delete(
    '/:job_id',
    { config: { scope: 'job:write', limit: 'vm' }, schema: { params: Params, response: { 202: Done } } },
    async (request, reply) => {
      const { changes, job } = await found(request.params.job_id);
      const by = personOf(callerKnown(request));
      if (!(await changes.cancelJob(job.id, by))) {
        throw new Problem(409, 'RESOURCE_CONFLICT', `Job ${job.id} has ended already.`, { reason: 'has_ended' });
      }
      return reply.code(202).send(done(request, 'The job was asked to stop.'));
    },
  );

  async function found(id: string): Promise<{ changes: Changes; job: Job }> {
    const changes = allChanges(service);
    const job = await changes.job(id);
    if (job === undefined) throw notFound('job', id);
    return { changes, job };
  }
}

async function told(changes: Changes, job: Job): Promise<JobSummary> {
  return jobSummary(job, (await changes.plan(job.plan_id))?.record);
}
