import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { type Named, readNamed } from '../connections/connection.ts';
import { notAcceptable, notFound, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { ChangedNetwork, DeleteQuery } from './bodies.ts';
import { networksOf } from './list.ts';
import { changing, deletion } from './orders.ts';
import { refuseElsewhere, refuseUnknown } from './refusals.ts';
import type { Network } from './schemas.ts';

const Params = z.object({ network_id: z.string() });
const config = { scope: 'network:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };

/** Changing and deleting networks: the same on each node, one node after the other. */
export async function networkWrites(app: App): Promise<void> {
  const { service } = app;

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
      const { connection, ...seen } = await known(service, request.params.network_id);
      const nodes = among(seen, body.nodes, 'nodes');
      refuseElsewhere(body, nodes);
      const { command, fields } = changing(body, seen.network, nodes);
      return carry(request, reply, connection.cluster, command, fields);
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
      const { connection, ...seen } = await known(service, request.params.network_id);
      const nodes = among(seen, node === undefined ? undefined : [node], 'node');
      const { command, fields } = deletion(seen.network, nodes, apply);
      return carry(request, reply, connection.cluster, command, fields);
    },
  );
}

interface Known {
  readonly network: Network;
  /** The nodes that did not tell whether they have it. */
  readonly silent: readonly string[];
}

/** The network that a path names, which there is. @throws Problem 404, 409, 503 */
async function known(service: Service, id: string): Promise<Known & { readonly connection: Named }> {
  const connection = readNamed(service, id);
  const { rows, silent } = await networksOf(service, connection);
  const network = rows.find((each) => each.interface === connection.own);
  if (network === undefined) throw notFound('network', id);
  if (network.type === 'vnet') {
    const message = `${id} is a virtual network: it is changed under Datacenter → SDN in Proxmox, and applied there.`;
    throw new Problem(409, 'RESOURCE_CONFLICT', message, { field: 'id', reason: 'not_an_interface' });
  }
  return { network, silent, connection };
}

/** Those of a network's nodes that are named, or all of them. @throws Problem 409, 422 */
function among({ network, silent }: Known, named: readonly string[] | undefined, field: 'node' | 'nodes'): string[] {
  if (named === undefined && silent.length > 0) {
    const message = `Whether ${silent.join(', ')} has ${network.interface} could not be read. Name by ${field} where it is to be done, or ask again when it answers.`;
    throw new Problem(409, 'RESOURCE_CONFLICT', message, { field, reason: 'node_silent' });
  }
  const nodes = network.nodes.map(({ node }) => node);
  const missing = named?.find((each) => !nodes.includes(each));
  if (missing !== undefined && silent.includes(missing)) {
    const message = `Whether ${missing} has ${network.interface} could not be read. Ask again when it answers.`;
    throw new Problem(409, 'RESOURCE_CONFLICT', message, { field, reason: 'node_silent', provided_value: missing });
  }
  if (missing === undefined) return [...new Set(named ?? nodes)];
  const details = { field, reason: 'not_found', provided_value: missing };
  throw notAcceptable(`${missing} has no ${network.interface}. It is on: ${nodes.join(', ')}.`, details);
}
