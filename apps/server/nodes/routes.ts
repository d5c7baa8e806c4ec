import { z } from 'zod';
import { fromEach, readNamed } from '../connections/connection.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { listed, Pagination } from '../http/pages.ts';
import type { App } from '../server.ts';
import { nodeDetails } from './details.ts';
import { listNodes, placeOfNode } from './list.ts';
import { NodeDetails, NodeListQuery, NodeParams, NodeSummary } from './schemas.ts';

const List = z.object({ nodes: z.array(NodeSummary), pagination: Pagination });
const tags = ['nodes'];

/** Nodes: what they are, and how they are. */
export async function nodeRoutes(app: App): Promise<void> {
  const { service } = app;

  app.get(
    '',
    {
      config: { scope: 'node:read', limit: 'read' },
      schema: {
        operationId: 'listNodes',
        summary: 'List nodes with their load and guests',
        tags,
        querystring: NodeListQuery,
        response: { 200: answerOf(List) },
      },
    },
    async (request) => {
      const { query } = request;
      const { found, unavailable } = await fromEach(service, query.connection, (connection) =>
        listNodes(service, connection, query.status),
      );
      const { rows, pagination } = listed(found.flat(), query, (node) => placeOfNode(node, query.sort));
      return answer(request, { nodes: rows, pagination }, unavailable);
    },
  );

  app.get(
    '/:node_id',
    {
      config: { scope: 'node:read', limit: 'read' },
      schema: {
        operationId: 'getNode',
        summary: 'Show a node: figures, versions, storage, disks, updates and certificates',
        tags,
        params: NodeParams,
        response: { 200: answerOf(z.object({ node: NodeDetails })) },
      },
    },
    async (request) => {
      const { node, unavailable } = await nodeDetails(service, readNamed(service, request.params.node_id));
      return answer(request, { node }, unavailable);
    },
  );
}
