import type { Command } from '@pxa/contract';
import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import type { App } from '../server.ts';
import { type GuestId, knownGuest } from './ids.ts';
import { idIn, type KindOfGuest, paramsOf } from './kinds.ts';
import { flag } from './schemas.ts';

const Removal = z.strictObject({
  /** It is switched off at once, and not asked to shut down before. */
  force: flag.default(false),
  /** Without them, its archives are deleted with it. */
  keep_backups: flag.default(true),
});

/** Deleting a guest. */
export async function removalRoutes(app: App, of: KindOfGuest): Promise<void> {
  app.delete(
    `/:${of.param}`,
    {
      config: { scope: of.write, limit: 'vm' },
      schema: {
        operationId: `delete${of.named}`,
        summary: `Delete a ${of.called} with its disks; one that runs is shut down first`,
        tags: [of.many],
        params: paramsOf(of),
        querystring: Removal,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const id = await knownGuest(app.service, of.kind, idIn(of, request.params));
      return carry(request, reply, id.cluster, removal(id, of, request.query));
    },
  );
}

/** Politely it is shut down first: where that does not end in time, nothing is deleted. */
function removal({ guest, vmid }: GuestId, { called }: KindOfGuest, wish: z.infer<typeof Removal>): Command {
  const { force, keep_backups: keeps } = wish;
  const says = `delete ${called} ${vmid}${keeps ? '' : ' and its backups'}`;
  // Jobs and rules that name it would take a new guest of its number for it.
  const input = { purge: true, backups: !keeps };
  const targets = [guest];
  if (force) return { action: 'guest.delete', targets, input: { ...input, stopFirst: true }, says };
  const shutdown = { action: 'guest.shutdown', targets, input: {}, says };
  return { ...shutdown, later: [{ action: 'guest.delete', targets, input, says }] };
}
