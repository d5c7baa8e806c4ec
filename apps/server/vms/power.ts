import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { knownGuest } from '../guests/ids.ts';
import type { App } from '../server.ts';

const Params = z.object({ vm_id: z.string() });
const Stop = z.strictObject({
  graceful: z.boolean().default(true),
  timeout_seconds: z.int().min(1).max(86_400).optional(),
});

interface Wish {
  readonly action: string;
  readonly says: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Starting, stopping and restarting a VM. */
export async function powerRoutes(app: App): Promise<void> {
  const { service } = app;
  const config = { scope: 'vm:write', limit: 'vm' } as const;
  const schema = { params: Params, response: { 200: ChangeAnswer, 202: ChangeAnswer } };

  app.post('/:vm_id/start', { config, schema }, (request, reply) =>
    act(request, reply, request.params.vm_id, { action: 'guest.start', says: 'start' }),
  );
  app.post('/:vm_id/restart', { config, schema }, (request, reply) =>
    act(request, reply, request.params.vm_id, { action: 'guest.reboot', says: 'restart' }),
  );
  app.post('/:vm_id/stop', { config, schema: { ...schema, body: Stop.nullish() } }, (request, reply) => {
    const { graceful = true, timeout_seconds: timeout } = request.body ?? {};
    const wish: Wish = graceful
      ? { action: 'guest.shutdown', says: 'shut down', ...(timeout === undefined ? {} : { input: { timeout } }) }
      : { action: 'guest.stop', says: 'stop' };
    return act(request, reply, request.params.vm_id, wish);
  });

  async function act(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    { action, says, input = {} }: Wish,
  ): ReturnType<typeof carry> {
    const { cluster, guest, vmid } = await knownGuest(service, 'vm', id);
    return carry(request, reply, cluster, {
      action,
      targets: [guest],
      input: { ...input },
      says: `${says} VM ${vmid}`,
    });
  }
}
