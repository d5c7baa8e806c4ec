import type { Changes } from '@pxa/assistant';
import { maskSecrets } from '@pxa/assistant/store';
import { Plan } from '@pxa/contract';
import { z } from 'zod';
import { callerKnown, personOf } from '../auth/caller.ts';
import { type KeptPlan, keptPlan } from '../changes/kept.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { Pagination, storedPage } from '../http/pages.ts';
import { notAcceptable, notFound, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { ApprovalListQuery, Approve, Decision, listedTold, Params, told, Waiting } from './schemas.ts';

const tags = ['approvals'];

type Refused = Extract<Awaited<ReturnType<Changes['approve']>>, { ok: false }>;

/** Plans that wait for a person's word. */
export async function approvalRoutes(app: App): Promise<void> {
  listRoute(app);
  showRoute(app);
  approveRoute(app);
  cancelRoute(app);
}

function listRoute(app: App): void {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'approval:read', limit: 'read' },
      schema: {
        operationId: 'listApprovals',
        summary: 'List plans that wait for approval, and those that were decided, newest first',
        tags,
        querystring: ApprovalListQuery,
        response: { 200: answerOf(z.object({ approvals: z.array(Waiting), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const wanted = { state: query.state, risk: query.risk, nowMs: service.now() };
      const { rows, pagination } = await storedPage(query, (page) => service.kept.approvalPage(wanted, page));
      return answer(request, { approvals: rows.map(listedTold), pagination });
    },
  );
}

function showRoute(app: App): void {
  app.get(
    '/:approval_id',
    {
      config: { scope: 'approval:read', limit: 'read' },
      schema: {
        operationId: 'getApproval',
        summary: 'Show an approval with its plan: every call, what changes, and how its rehearsal went',
        tags,
        params: Params,
        response: {
          200: answerOf(z.object({ approval: Waiting, plan: Plan, job_id: z.string().nullable() })),
        },
      },
    },
    async (request) => {
      const { found } = await known(app.service, request.params.approval_id);
      const plan = maskSecrets(found.record.plan) as Plan; // a copy of the same form: values of parameters alone are replaced
      const job = await app.service.store.jobOf(found.approval.id);
      return answer(request, { approval: told(found), plan, job_id: job?.id ?? null });
    },
  );
}

function approveRoute(app: App): void {
  app.post(
    '/:approval_id/approve',
    {
      config: { scope: 'approval:approve', limit: 'vm', again: true },
      schema: {
        operationId: 'approvePlan',
        summary: 'Approve a plan and begin its job; what cannot be taken back needs “confirm”',
        tags,
        params: Params,
        body: Approve.nullish(),
        response: { 202: answerOf(Decision) },
      },
    },
    async (request, reply) => {
      const caller = callerKnown(request);
      // Whose changes wait for a person's word cannot give that word.
      if (caller.approval === 'required') {
        const details = { reason: 'approval_required', required_approval: 'own' };
        const message = 'The changes of this token wait for a person: it cannot approve any. Use another token.';
        throw new Problem(403, 'INSUFFICIENT_PERMISSIONS', message, details);
      }
      const { cluster, changes, found } = await known(app.service, request.params.approval_id);
      const { plan } = found.record;
      const word = [plan.id, personOf(caller), request.body?.confirm] as const;
      // An attempt under the same key may have given the word, and have broken off before there was a job.
      const gone = request.attempt?.hasActed === true ? await changes.goOn(...word) : undefined;
      const approved = gone ?? (await changes.approve(...word));
      if (!approved.ok) throw notApproved(approved, request.body?.confirm);
      const { approval, job } = approved;
      if (job !== undefined) app.runner.begin(cluster, job.id);
      void reply.code(202);
      return answer(request, { approval: told({ ...found, approval }), job_id: job?.id ?? null });
    },
  );
}

function notApproved({ refused, asksFor }: Refused, typed: string | undefined): Problem {
  if (asksFor === undefined) return new Problem(409, 'RESOURCE_CONFLICT', refused, { reason: 'not_approved' });
  if (typed === undefined) return notAcceptable(refused, { field: asksFor, reason: 'required' });
  return notAcceptable(refused, { field: asksFor, reason: 'not_the_name', provided_value: typed });
}

function cancelRoute(app: App): void {
  app.post(
    '/:approval_id/cancel',
    {
      config: { scope: 'approval:approve', limit: 'vm', again: true },
      schema: {
        operationId: 'cancelApproval',
        summary: 'Refuse a plan: it is not carried out any more',
        tags,
        params: Params,
        response: { 200: answerOf(Decision) },
      },
    },
    async (request) => {
      const { changes, found } = await known(app.service, request.params.approval_id);
      const isDone = request.attempt?.hasActed === true && found.approval.state === 'cancelled';
      const decided = isDone
        ? ({ ok: true, approval: found.approval } as const)
        : await changes.cancel(found.record.plan.id, personOf(callerKnown(request)));
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
