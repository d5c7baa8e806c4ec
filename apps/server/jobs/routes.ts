import type { Changes } from '@pxa/assistant';
import type { Job } from '@pxa/contract';
import { z } from 'zod';
import { callerKnown, personOf } from '../auth/caller.ts';
import { allChanges } from '../changes/kept.ts';
import { answer, answerOf, Done, done } from '../http/envelope.ts';
import { Pagination, storedPage } from '../http/pages.ts';
import { notAcceptable, notFound, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { JobDetails, JobListQuery, jobSummary, JobSummary, logOf, statesOf } from './schemas.ts';
import { actionsOfType } from './types.ts';

const Params = z.object({ job_id: z.string() });
const mostEvents = 1_000;
const tags = ['jobs'];

/** Jobs: what is being carried out, and what was. */
export async function jobRoutes(app: App): Promise<void> {
  listRoute(app);
  showRoute(app);
  cancelRoute(app);
}

function listRoute(app: App): void {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'job:read', limit: 'read' },
      schema: {
        operationId: 'listJobs',
        summary: 'List jobs, newest first',
        tags,
        querystring: JobListQuery,
        response: { 200: answerOf(z.object({ jobs: z.array(JobSummary), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const { type, since, status, cluster } = query;
      const actions = type === undefined ? undefined : actionsOfType(type);
      if (actions?.length === 0) {
        const details = { field: 'type', reason: 'not_found', provided_value: type };
        throw notAcceptable(`No job is of the type ${String(type)}.`, details);
      }
      const sinceMs = since === undefined ? undefined : Date.parse(since);
      const wanted = { ...statesOf(status), actions, cluster, sinceMs };
      const { rows, pagination } = await storedPage(query, (page) => service.kept.jobPage(wanted, page));
      return answer(request, { jobs: rows.map(jobSummary), pagination });
    },
  );
}

function showRoute(app: App): void {
  app.get(
    '/:job_id',
    {
      // Not limited: whoever waits for a job looks often.
      config: { scope: 'job:read' },
      schema: {
        operationId: 'getJob',
        summary: 'Show how far a job is, with its log',
        tags,
        params: Params,
        response: { 200: answerOf(z.object({ job: JobDetails })) },
      },
    },
    async (request) => {
      const { changes, job } = await found(app.service, request.params.job_id);
      const [plan, events] = await Promise.all([changes.plan(job.plan_id), changes.lastEvents(job.id, mostEvents)]);
      const { action = null, plan: { rehearsal } = {} } = plan?.record ?? {};
      const summary = jobSummary({ job, action, seconds: rehearsal?.seconds ?? null });
      return answer(request, { job: { ...summary, logs: events.map((event) => logOf(job, event)) } });
    },
  );
}

function cancelRoute(app: App): void {
  app.delete(
    '/:job_id',
    {
      config: { scope: 'job:write', limit: 'vm' },
      schema: {
        operationId: 'cancelJob',
        summary: 'Ask a job to stop: the step under way is stopped, no other begins',
        tags,
        params: Params,
        response: { 202: Done },
      },
    },
    async (request, reply) => {
      const { changes, job } = await found(app.service, request.params.job_id);
      const by = personOf(callerKnown(request));
      if (!(await changes.cancelJob(job.id, by))) {
        throw new Problem(409, 'RESOURCE_CONFLICT', `Job ${job.id} has ended already.`, { reason: 'has_ended' });
      }
      return reply.code(202).send(done(request, 'The job was asked to stop.'));
    },
  );
}

/** @throws Problem 404 */
async function found(service: Service, id: string): Promise<{ changes: Changes; job: Job }> {
  const changes = allChanges(service);
  const job = await changes.job(id);
  if (job === undefined) throw notFound('job', id);
  return { changes, job };
}
