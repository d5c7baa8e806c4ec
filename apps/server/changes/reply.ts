import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answer, answerOf } from '../http/envelope.ts';
import type { Changed } from './change.ts';

/** What a change is answered with: its job, or the approval that it waits for, or neither where it was so already. */
export const ChangeData = z.object({
  job_id: z.string().nullable(),
  status: z.enum(['pending', 'pending_approval', 'unchanged']),
  approval_id: z.string().nullable(),
  message: z.string(),
});
export const ChangeAnswer = answerOf(ChangeData);

/** 202 where something is to happen, 200 where it was so already. */
export function replyChanged(
  request: FastifyRequest,
  reply: FastifyReply,
  changed: Changed,
): z.infer<typeof ChangeAnswer> {
  void reply.code(changed.kind === 'already' ? 200 : 202);
  return answer(request, changeData(changed));
}

/** The part of an answer that tells what became of a change. */
export function changeData(changed: Changed): z.infer<typeof ChangeData> {
  switch (changed.kind) {
    case 'begun':
      return { job_id: changed.job.id, status: 'pending', approval_id: changed.plan.id, message: changed.plan.says };
    case 'pending':
      return { job_id: null, status: 'pending_approval', approval_id: changed.plan.id, message: changed.plan.says };
    case 'already':
      return { job_id: null, status: 'unchanged', approval_id: null, message: changed.text };
  }
}
