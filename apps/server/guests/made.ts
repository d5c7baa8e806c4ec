import type { Plan } from '@pxa/contract';
import { z } from 'zod';
import type { Changed } from '../changes/change.ts';
import { ChangeData } from '../changes/reply.ts';
import type { Service } from '../service.ts';
import { idText } from './ids.ts';
import type { KindOfGuest } from './kinds.ts';

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
  const id = idText(service, connection, of.kind, vmidOf(changed.plan));
  return { id, name, status: 'creating', creation_job_id: changed.job.id };
}

/** The number that a plan gives to what it makes: that of a copy, or of what is made new. */
function vmidOf({ steps }: Plan): number {
  const made = steps.find(({ method, path }) => method === 'POST' && /\/(?:qemu|lxc)(?:\/\d+\/clone)?$/.test(path));
  return Number(made?.params['newid'] ?? made?.params['vmid']);
}
