import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { type Connection, connectionNamed, type Named, readNamed } from '../connections/connection.ts';
import { Cells } from '../http/cells.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable, notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { ChangedNetwork, DeleteQuery, NewNetwork } from './bodies.ts';
import { networksOf } from './list.ts';
import { changing, creation, deletion, type Order, placeFor } from './orders.ts';
import { refuseAddresses, refuseElsewhere, refuseOfType, refuseUnknown } from './refusals.ts';
import type { Network } from './schemas.ts';

const Params = z.object({ network_id: z.string() });
const config = { scope: 'network:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };

/** Making, changing and deleting networks: the same on each node, one node after the other. */
export async function networkWrites(app: App): Promise<void> {
  const { service } = app;

  app.post(
    '',
    {
      config,
      schema: {
        operationId: 'createNetwork',
        summary: 'Create a bridge, VLAN or bond on the nodes, and apply it',
        tags: ['networks'],
        body: NewNetwork,
        response,
      },
    },
    async (request, reply) => {
      const { body } = request;
      refuseUnknown(body);
      refuseOfType(body);
      refuseAddresses(body);
      const connection = connectionNamed(service, body.connection);
      const [{ rows }, nodes] = await Promise.all([networksOf(service, connection), nodesFor(connection, body.nodes)]);
      refuseElsewhere(body, nodes);
      return carried(request, reply, connection, creation(body, placeFor(body, rows, nodes), nodes));
    },
  );

  app.put(
    '/:network_id',
    {
      config,
      schema: {
        operationId: 'updateNetwork',
        summary: 'Change a network on the nodes that have it, and apply it',
        tags: ['networks'],
        params: Params,
        body: ChangedNetwork,
        response,
      },
    },
    async (request, reply) => {
      const { body } = request;
      refuseUnknown(body);
      const { network, connection } = await known(request.params.network_id);
      const nodes = among(network, body.nodes, 'nodes');
      refuseElsewhere(body, nodes);
      return carried(request, reply, connection, changing(body, network, nodes));
    },
  );

  app.delete(
    '/:network_id',
    {
      config,
      schema: {
        operationId: 'deleteNetwork',
        summary: 'Delete a network on the nodes that have it, and apply that',
        tags: ['networks'],
        params: Params,
        querystring: DeleteQuery,
        response,
      },
    },
    async (request, reply) => {
      const { node, apply } = request.query;
      const { network, connection } = await known(request.params.network_id);
      const nodes = among(network, node === undefined ? undefined : [node], 'node');
      return carried(request, reply, connection, deletion(network, nodes, apply));
    },
  );

  function carried(
    request: FastifyRequest,
    reply: FastifyReply,
    { cluster }: Connection,
    { command, fields }: Order,
  ): ReturnType<typeof carry> {
    return carry(request, reply, cluster, command, fields);
  }

  async function known(id: string): Promise<{ network: Network; connection: Named }> {
    const connection = readNamed(service, id);
    const { rows } = await networksOf(service, connection);
    const network = rows.find((each) => each.interface === connection.own);
    if (network === undefined) throw notFound('network', id);
    return { network, connection };
  }
}

/** The nodes that are named, or all that are online. @throws Problem 422, 503 */
async function nodesFor({ cluster }: Connection, named: readonly string[] | undefined): Promise<string[]> {
  const { views } = await lookAt(cluster, [{ dataset: 'nodes', columns: ['node', 'status'] }]);
  const nodes = (views[0]?.rows ?? []).map((row) => new Cells(row));
  const names = nodes.flatMap((each) => each.text('node') ?? []);
  const missing = named?.find((each) => !names.includes(each));
  if (missing !== undefined) {
    const details = { field: 'nodes', reason: 'not_found', provided_value: missing };
    throw notAcceptable(`There is no node ${missing}. There are: ${names.join(', ')}.`, details);
  }
  const online = nodes.filter((each) => each.text('status') === 'online').flatMap((each) => each.text('node') ?? []);
  return [...new Set(named ?? online)];
}

/** Those of a network's nodes that are named, or all of them. @throws Problem 422 */
function among(network: Network, named: readonly string[] | undefined, field: string): string[] {
  const nodes = network.nodes.map(({ node }) => node);
  const missing = named?.find((each) => !nodes.includes(each));
  if (missing === undefined) return [...new Set(named ?? nodes)];
  const details = { field, reason: 'not_found', provided_value: missing };
  throw notAcceptable(`${missing} has no ${network.interface}. It is on: ${nodes.join(', ')}.`, details);
}
