import { z } from 'zod';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination } from '../http/pages.ts';
import { fromEach } from '../connections/connection.ts';
import type { App } from '../server.ts';
import { copyRoutes } from './copy.ts';
import { creationRoutes } from './create.ts';
import { guestDetails } from './details.ts';
import { GuestDetails } from './details-schema.ts';
import { guestIdOf } from './ids.ts';
import { idIn, type KindOfGuest, paramsOf } from './kinds.ts';
import { listGuests, notListed, placeOf, summaries } from './list.ts';
import { powerRoutes } from './power.ts';
import { removalRoutes } from './remove.ts';
import { GuestListQuery, GuestSummary } from './schemas.ts';
import { snapshotRoutes } from './snapshots.ts';
import { updateRoutes } from './update.ts';

/** Everything that is served of VMs, and in the same way of containers. */
export async function guestRoutes(app: App, of: KindOfGuest): Promise<void> {
  await readingRoutes(app, of);
  await creationRoutes(app, of);
  await updateRoutes(app, of);
  await removalRoutes(app, of);
  await powerRoutes(app, of);
  await snapshotRoutes(app, of);
  await copyRoutes(app, of);
}

/** The list, and what is told of one. */
async function readingRoutes(app: App, of: KindOfGuest): Promise<void> {
  const { service } = app;
  const config = { scope: of.read, limit: 'read' } as const;

  app.get(
    '',
    {
      config,
      schema: {
        operationId: `list${of.named}s`,
        summary: `List ${of.called}s`,
        tags: [of.many],
        querystring: GuestListQuery,
        response: { 200: answerOf(z.object({ [of.many]: z.array(GuestSummary), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const { found, unavailable } = await fromEach(service, query.connection, (connection) =>
        listGuests(service, connection, of, query),
      );
      const { rows, pagination } = listed(found.flat(), query, (guest) => placeOf(guest, query.sort));
      const page = await summaries(service, rows);
      return answer(request, { [of.many]: page, pagination }, [...notListed(of, query, page), ...unavailable]);
    },
  );

  app.get(
    `/:${of.param}`,
    {
      config,
      schema: {
        operationId: `get${of.named}`,
        summary: `All that is told of one ${of.called}`,
        tags: [of.many],
        params: paramsOf(of),
        response: { 200: answerOf(z.object({ [of.one]: GuestDetails })) },
      },
    },
    async (request) => {
      const id = guestIdOf(service, of.kind, idIn(of, request.params));
      const { guest, unavailable } = await guestDetails(service, id);
      return answer(request, { [of.one]: guest }, unavailable);
    },
  );
}
