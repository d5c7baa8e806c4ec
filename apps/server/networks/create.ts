import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { type Connection, connectionNamed } from '../connections/connection.ts';
import { Cells } from '../http/cells.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable } from '../http/problem.ts';
import type { App } from '../server.ts';
import { NewNetwork } from './bodies.ts';
import { networksOf } from './list.ts';
import { creation, placeFor } from './orders.ts';
import { refuseAddresses, refuseElsewhere, refuseOfType, refuseUnknown } from './refusals.ts';

const config = { scope: 'network:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };

/** Making networks: the same on each node, one node after the other. */
export async function networkCreation(app: App): Promise<void> {
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
      const { command, fields } = creation(body, placeFor(body, rows, nodes), nodes);
      return carry(request, reply, connection.cluster, command, fields);
    },
  );
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
