import { z } from 'zod';
import { connectionsNamed } from '../connections/connection.ts';
import { guestIdOf, idText } from '../guests/ids.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination } from '../http/pages.ts';
import type { App } from '../server.ts';
import { VmDetails } from './details-schema.ts';
import { vmDetails } from './details.ts';
import { listVms, NOT_LISTED, placeOf } from './list.ts';
import { VmListQuery, VmSummary } from './schemas.ts';

const List = z.object({ vms: z.array(VmSummary), pagination: Pagination });

/** Virtual machines. */
export async function vmRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: { scope: 'vm:read', limit: 'read' },
      schema: { querystring: VmListQuery, response: { 200: answerOf(List) } },
    },
    async (request) => {
      const { query } = request;
      const found = await Promise.all(
        connectionsNamed(service, query.connection).map(({ name, cluster }) =>
          listVms(cluster, query, (vmid) => idText(service, name, 'vm', vmid)),
        ),
      );
      const { rows, pagination } = listed(found.flat(), query, (vm) => placeOf(vm, query.sort));
      return answer(request, { vms: rows, pagination }, NOT_LISTED);
    },
  );

  app.get(
    '/:vm_id',
    {
      config: { scope: 'vm:read', limit: 'read' },
      schema: { params: z.object({ vm_id: z.string() }), response: { 200: answerOf(z.object({ vm: VmDetails })) } },
    },
    async (request) => {
      const { vm_id: text } = request.params;
      const { vm, unavailable } = await vmDetails(guestIdOf(service, 'vm', text));
      return answer(request, { vm }, unavailable);
    },
  );
}
