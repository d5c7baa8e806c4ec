import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { given } from '../changes/given.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { notAcceptable, type Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { knownGuest } from './ids.ts';
import { idIn, type KindOfGuest, paramsOf } from './kinds.ts';

const Stop = z.strictObject({
  /** The guest is asked to end by itself; otherwise it is switched off as by its plug. */
  graceful: z.boolean().default(true),
  timeout_seconds: z.int().min(1).max(86_400).optional(),
});

const Suspend = z.strictObject({
  /** What it has in its memory is written to its storage, and it is switched off until it is started. */
  to_disk: z.boolean().default(false),
});

/** Changes of power that take nothing but the guest: the path, the action, and the order in words. */
const PLAIN: readonly (readonly [path: string, action: string, says: string, only?: 'vm'])[] = [
  ['start', 'guest.start', 'start'],
  ['restart', 'guest.reboot', 'restart'],
  ['reset', 'guest.reset', 'reset', 'vm'],
  ['resume', 'guest.resume', 'resume', 'vm'],
];

interface Wish {
  readonly action: string;
  readonly says: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Starting, stopping and restarting a guest; of VMs, also suspending, resuming and resetting. */
export async function powerRoutes(app: App, of: KindOfGuest): Promise<void> {
  const config = { scope: of.write, limit: 'vm' } as const;
  const response = { 200: ChangeAnswer, 202: ChangeAnswer };
  const shared = { tags: [of.many], params: paramsOf(of), response };

  for (const [path, action, says, only] of PLAIN) {
    if (only !== undefined && only !== of.kind) continue;
    const words = {
      operationId: `${path}${of.named}`,
      summary: `${says[0]?.toUpperCase()}${says.slice(1)} a ${of.called}`,
    };
    app.post(`/:${of.param}/${path}`, { config, schema: { ...shared, ...words } }, (request, reply) =>
      act(request, reply, idIn(of, request.params), { action, says }),
    );
  }

  app.post(
    `/:${of.param}/stop`,
    {
      config,
      schema: {
        ...shared,
        operationId: `stop${of.named}`,
        summary: `Shut a ${of.called} down, or switch it off`,
        body: Stop.nullish(),
      },
    },
    (request, reply) => {
      const { graceful = true, timeout_seconds: timeout } = request.body ?? {};
      if (!graceful && timeout !== undefined) throw noWait(timeout);
      const wish: Wish = graceful
        ? { action: 'guest.shutdown', says: 'shut down', input: given({ timeout }) }
        : { action: 'guest.stop', says: 'stop' };
      return act(request, reply, idIn(of, request.params), wish);
    },
  );

  if (of.kind === 'vm') {
    const words = { operationId: 'suspendVm', summary: 'Suspend a VM, in its memory or to its disk' };
    app.post(
      `/:${of.param}/suspend`,
      { config, schema: { ...shared, ...words, body: Suspend.nullish() } },
      (request, reply) => {
        const toDisk = request.body?.to_disk === true;
        const wish = toDisk
          ? { action: 'guest.hibernate', says: 'hibernate' }
          : { action: 'guest.suspend', says: 'suspend' };
        return act(request, reply, idIn(of, request.params), wish);
      },
    );
  }

  async function act(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    { action, says, input = {} }: Wish,
  ): ReturnType<typeof carry> {
    const { cluster, guest, vmid } = await knownGuest(app.service, of.kind, id);
    const command = { action, targets: [guest], input: { ...input }, says: `${says} ${of.called} ${vmid}` };
    return carry(request, reply, cluster, command);
  }
}

function noWait(seconds: number): Problem {
  const message = 'What is switched off is not waited for: leave timeout_seconds out, or shut it down gracefully.';
  const details = { field: 'timeout_seconds', reason: 'not_with_graceful_false', provided_value: seconds };
  return notAcceptable(message, details);
}
