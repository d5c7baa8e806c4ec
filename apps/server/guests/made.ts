import { z } from 'zod';
import type { Changed } from '../changes/change.ts';
import { ChangeData } from '../changes/reply.ts';
import type { Service } from '../service.ts';
import { idText } from './ids.ts';
import type { KindOfGuest } from './kinds.ts';
import { vmidMade } from './making.ts';

const Made = z.object({
  /** Null until a person has approved it: what was free when it was asked for may be taken by then. */
  id: z.string().nullable(),
  name: z.string(),
  status: z.enum(['creating', 'pending_approval']),
  creation_job_id: z.string().nullable(),
});

export const NewVmAnswer = ChangeData.extend({ vm: Made });
export const NewContainerAnswer = ChangeData.extend({ container: Made });

interface Making {
  readonly of: KindOfGuest;
  readonly connection: string;
  readonly name: string;
}

/** The guest that a change makes, as far as it is known by now. */
export function madeOf(service: Service, { of, connection, name }: Making, changed: Changed): z.infer<typeof Made> {
  if (changed.kind !== 'begun') return { id: null, name, status: 'pending_approval', creation_job_id: null };
  const vmid = vmidMade(changed.plan);
  const id = vmid === undefined ? null : idText(service, connection, of.kind, vmid);
  return { id, name, status: 'creating', creation_job_id: changed.job.id };
}
