import { z } from 'zod';
import { connectionsNamed } from '../connections/connection.ts';
import { guestIdOf, idText } from '../guests/ids.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { pageOf, Pagination, type Place } from '../http/pages.ts';
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
      const turn = query.order === 'asc' ? 1 : -1;
      const compare = (a: Place, b: Place): number => turn * (byText(a.key, b.key) || byText(a.id, b.id));
      const place = (vm: VmSummary): Place => placeOf(vm, query.sort);
      const sorted = found
        .flat()
        .map((vm) => ({ vm, at: place(vm) }))
        .toSorted((a, b) => compare(a.at, b.at))
        .map(({ vm }) => vm);
      const { rows, pagination } = pageOf(sorted, query, { place, compare });
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

/** As programs sort: by their code units, the same on every machine. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
