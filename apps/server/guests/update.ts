import type { Command, CommandPart } from '@pxa/contract';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { Cells } from '../http/cells.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable } from '../http/problem.ts';
import type { App } from '../server.ts';
import { type GuestId, guestIdOf, noGuest } from './ids.ts';
import { idIn, type KindOfGuest, paramsOf } from './kinds.ts';
import { type Order, ordersOf } from './update-orders.ts';
import { ChangedContainer, type ChangedGuest, ChangedVm } from './update-schema.ts';

/** Changing a guest: all that a request says in one plan, or nothing of it. */
export async function updateRoutes(app: App, of: KindOfGuest): Promise<void> {
  app.put(
    `/:${of.param}`,
    {
      config: { scope: of.write, limit: 'vm' },
      schema: {
        operationId: `update${of.named}`,
        summary: `Change a ${of.called}; what is left out stays as it is`,
        tags: [of.many],
        params: paramsOf(of),
        body: of.kind === 'vm' ? ChangedVm : ChangedContainer,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const id = guestIdOf(app.service, of.kind, idIn(of, request.params));
      const body: ChangedGuest = request.body;
      const orders = ordersOf(body, await nowOf(id));
      const command = oneOf(id, of, orders);
      return carry(
        request,
        reply,
        id.cluster,
        command,
        orders.map(({ fields = {} }) => fields),
      );
    },
  );
}

/** What of a guest decides how a change of it is said. @throws Problem 404, 503 */
async function nowOf({ cluster, kind, vmid, text }: GuestId): Promise<{ sockets: number; tags: readonly string[] }> {
  const isIt = all(same('vmid', vmid), same('type', kind === 'vm' ? 'qemu' : 'lxc'));
  const { views } = await lookAt(cluster, [{ dataset: 'guests', where: isIt, columns: ['sockets', 'tags'] }]);
  const [row] = views[0]?.rows ?? [];
  if (row === undefined) throw noGuest(kind, text);
  const cells = new Cells(row);
  return { sockets: kind === 'vm' ? (cells.number('sockets') ?? 1) : 1, tags: cells.list('tags') };
}

/** All orders as one command: one plan, planned each on what the ones before leave. @throws Problem 422 */
function oneOf({ guest, vmid }: GuestId, { called }: KindOfGuest, orders: readonly Order[]): Command {
  const says = `change ${called} ${vmid}`;
  const parts = orders.map(({ action, input = {} }): CommandPart => ({ action, targets: [guest], input, says }));
  const [first, ...later] = parts;
  if (first === undefined) throw notAcceptable('Nothing is asked for.', { reason: 'nothing_given' });
  return later.length === 0 ? first : { ...first, later };
}
