import { Plan } from '@pxa/contract';
import { z } from 'zod';
import { callerKnown, personOf } from '../auth/caller.ts';
import { allChanges, type KeptPlan, keptPlan } from '../changes/kept.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { notFound, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { Approve, Decision, Params, State, told, Waiting } from './schemas.ts';

/** Plans that wait for a person's word. */
export async function approvalRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: { scope: 'approval:read', limit: 'read' },
      schema: {
        querystring: z.strictObject({ state: State.optional() }),
        response: { 200: answerOf(z.object({ approvals: z.array(Waiting) })) },
      },
    },
    async (request) => {
      const changes = allChanges(service);
      const all = await changes.approvals(request.query.state);
      const found = await Promise.all(all.map(({ id }) => changes.plan(id)));
      return answer(request, { approvals: found.flatMap((each) => (each === undefined ? [] : [told(each)])) });
    },
  );

  app.get(
    '/:approval_id',
    {
      config: { scope: 'approval:read', limit: 'read' },
      schema: { params: Params, response: { 200: answerOf(z.object({ approval: Waiting, plan: Plan })) } },
    },
    async (request) => {
      const { found } = await known(service, request.params.approval_id);
      return answer(request, { approval: told(found), plan: found.record.plan });
    },
  );

  app.post(
    '/:approval_id/approve',
    {
      config: { scope: 'approval:approve', limit: 'vm' },
      schema: { params: Params, body: Approve.nullish(), response: { 202: answerOf(Decision) } },
    },
    async (request, reply) => {
      const { cluster, changes, found } = await known(service, request.params.approval_id);
      const { plan } = found.record;
      const approved = await changes.approve(plan.id, personOf(callerKnown(request)), request.body?.confirm);
      if (!approved.ok) throw new Problem(409, 'RESOURCE_CONFLICT', approved.refused, { reason: 'not_approved' });
      const { approval, job } = approved;
      if (job !== undefined) app.runner.begin(cluster, job.id);
      void reply.code(202);
      return answer(request, { approval: told({ ...found, approval }), job_id: job?.id ?? null });
    },
  );

  app.post(
    '/:approval_id/cancel',
    {
      config: { scope: 'approval:approve', limit: 'vm' },
      schema: { params: Params, response: { 200: answerOf(Decision) } },
    },
    async (request) => {
      const { changes, found } = await known(service, request.params.approval_id);
      const decided = await changes.cancel(found.record.plan.id, personOf(callerKnown(request)));
      if (!decided.ok) throw new Problem(409, 'RESOURCE_CONFLICT', decided.refused, { reason: 'not_cancelled' });
      return answer(request, { approval: told({ ...found, approval: decided.approval }), job_id: null });
    },
  );
}

/** @throws Problem 404 */
async function known(service: Service, id: string): Promise<KeptPlan> {
  const kept = await keptPlan(service, id);
  if (kept === undefined) throw notFound('approval', id);
  return kept;
}
