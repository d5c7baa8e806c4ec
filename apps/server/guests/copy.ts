import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { given } from '../changes/given.ts';
import { ChangeAnswer, changeData } from '../changes/reply.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { notAcceptable, type Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { knownGuest } from './ids.ts';
import { idIn, type KindOfGuest, paramsOf } from './kinds.ts';
import { beginMaking } from './making.ts';
import { madeOf, NewContainerAnswer, NewVmAnswer } from './made.ts';

const Node = z.string().min(1).max(63);
const Storage = z.string().min(1).max(100);

const Clone = z.strictObject({
  name: z.string().min(1).max(253),
  /** Where the copy is made; the guest's own node without it. */
  node: Node.optional(),
  storage: Storage.optional(),
  /** A copy of its own; a linked one shares the disks of its template. Templates are linked where nothing is said. */
  full: z.boolean().optional(),
  /** As that snapshot has it, not as it is now. */
  snapshot: z.string().min(1).max(100).optional(),
});

const Migrate = z.strictObject({
  node: Node,
  /**
   * A VM that runs moves live; with false it is shut down for it, and started again. A container that runs is restarted
   * for it in any case.
   */
  online: z.boolean().optional(),
  storage: Storage.optional(),
});

/** Copying a guest, and moving it to another node. */
export async function copyRoutes(app: App, of: KindOfGuest): Promise<void> {
  const config = { scope: of.write, limit: 'vm' } as const;
  const params = paramsOf(of);
  app.post(
    `/:${of.param}/clone`,
    {
      config,
      schema: {
        operationId: `clone${of.named}`,
        summary: `Copy a ${of.called}`,
        tags: [of.many],
        params,
        body: Clone,
        response: { 202: answerOf(of.kind === 'vm' ? NewVmAnswer : NewContainerAnswer) },
      },
    },
    async (request, reply) => {
      const id = await knownGuest(app.service, of.kind, idIn(of, request.params));
      const { name, node, storage, full, snapshot } = request.body;
      const kind = full === undefined ? undefined : full ? 'full' : 'linked';
      const input = given({ name, unique: true, to: node, storage, snapshot, kind });
      const says = `clone ${of.called} ${id.vmid} as ${name}`;
      const fields = { to: 'node', kind: 'full' };
      const command = { action: 'guest.clone', targets: [id.guest], input, says };
      const changed = await beginMaking(request, { name: id.connection, cluster: id.cluster }, command, fields);
      const made = madeOf(app.service, { of, connection: id.connection, name }, changed);
      const data = changeData(changed);
      void reply.code(202);
      return answer(request, of.kind === 'vm' ? { vm: made, ...data } : { container: made, ...data });
    },
  );

  app.post(
    `/:${of.param}/migrate`,
    {
      config,
      schema: {
        operationId: `migrate${of.named}`,
        summary: `Move a ${of.called} to another node`,
        tags: [of.many],
        params,
        body: Migrate,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const id = await knownGuest(app.service, of.kind, idIn(of, request.params));
      const { node, online, storage } = request.body;
      if (of.kind === 'ct' && online === true) throw neverLive();
      const mode = online === undefined ? undefined : online ? 'online' : 'offline';
      const input = given({ to: node, mode, storage });
      const says = `move ${of.called} ${id.vmid} to ${node}`;
      const command = { action: 'guest.migrate', targets: [id.guest], input, says };
      return carry(request, reply, id.cluster, command, { to: 'node', mode: 'online' });
    },
  );
}

function neverLive(): Problem {
  const message = 'Proxmox moves no container while it runs: leave online out, and it is restarted on the other node.';
  return notAcceptable(message, { field: 'online', reason: 'not_supported', provided_value: true });
}
