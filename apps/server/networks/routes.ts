import { z } from 'zod';
import { readNamed } from '../connections/connection.ts';
import { toldByEach } from '../connections/told.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination } from '../http/pages.ts';
import { notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { networksOf, notToldOf } from './list.ts';
import { Network, NetworkListQuery } from './schemas.ts';

const Params = z.object({ network_id: z.string() });
const read = { scope: 'network:read', limit: 'read' } as const;

/** Networks: bridges, bonds and VLANs of the nodes, and virtual networks. */
export async function networkRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: read,
      schema: {
        operationId: 'listNetworks',
        summary: 'List bridges, VLANs, bonds and virtual networks',
        tags: ['networks'],
        querystring: NetworkListQuery,
        response: { 200: answerOf(z.object({ networks: z.array(Network), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const found = await toldByEach(service, query.connection, (connection) => networksOf(service, connection));
      const wanted = found.rows.filter(
        ({ type, nodes }) =>
          (query.type === undefined || type === query.type) &&
          (query.node === undefined || nodes.some(({ node }) => node === query.node)),
      );
      const place = (each: Network): { key: string | number; id: string } => ({
        key: each[query.sort] ?? '',
        id: each.id,
      });
      const { rows, pagination } = listed(wanted, query, place);
      return answer(request, { networks: rows, pagination }, [...notToldOf(rows), ...found.unavailable]);
    },
  );

  app.get(
    '/:network_id',
    {
      config: read,
      schema: {
        operationId: 'getNetwork',
        summary: 'Show one network, node by node',
        tags: ['networks'],
        params: Params,
        response: { 200: answerOf(z.object({ network: Network })) },
      },
    },
    async (request) => {
      const { network_id: id } = request.params;
      const named = readNamed(service, id);
      const { rows, unavailable } = await networksOf(service, named);
      const network = rows.find((each) => each.interface === named.own);
      if (network === undefined) throw notFound('network', id);
      return answer(request, { network }, [...notToldOf([network]), ...unavailable]);
    },
  );
}
