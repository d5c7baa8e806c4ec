import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { notAcceptable } from '../http/problem.ts';
import type { App } from '../server.ts';
import { knownNode } from './known.ts';
import { ConfirmNode, NodeParams } from './schemas.ts';

const config = { scope: 'node:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };
const tags = ['nodes'];

/** Rebooting, shutting down and waking a node. */
export async function nodePowerRoutes(app: App): Promise<void> {
  ending(app, 'reboot', { operationId: 'rebootNode', summary: 'Reboot a node, by its name typed as “confirm”' });
  ending(app, 'shutdown', { operationId: 'shutDownNode', summary: 'Shut a node down, by its name typed as “confirm”' });
  app.post(
    '/:node_id/wake',
    {
      config,
      schema: {
        operationId: 'wakeNode',
        summary: 'Wake a node by wake-on-LAN',
        tags,
        params: NodeParams,
        response,
      },
    },
    async (request, reply) => {
      const { cluster, own } = await knownNode(app.service, request.params.node_id);
      const command = { action: 'node.wake', targets: [`node/${own}`], input: {}, says: `wake node ${own}` };
      return carry(request, reply, cluster, command);
    },
  );
}

/** What ends all that runs there: whoever asks for it types the name of the node. */
function ending(app: App, does: 'reboot' | 'shutdown', words: { operationId: string; summary: string }): void {
  app.post(
    `/:node_id/${does}`,
    { config, schema: { ...words, tags, params: NodeParams, body: ConfirmNode, response } },
    async (request, reply) => {
      const { cluster, own } = await knownNode(app.service, request.params.node_id);
      const { confirm } = request.body;
      if (confirm !== own) {
        throw notAcceptable(`What runs on ${own} ends with it. To go on, send its name as “confirm”.`, {
          field: 'confirm',
          reason: 'not_the_name',
          provided_value: confirm,
        });
      }
      const command = { action: `node.${does}`, targets: [`node/${own}`], input: {}, says: `${does} node ${own}` };
      return carry(request, reply, cluster, command);
    },
  );
}
