import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { given } from '../changes/given.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { type GuestId, isThere, readGuestId } from '../guests/ids.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable, notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { HaChange, HaParams, HaResource, NewHaResource } from './schemas.ts';
import { RESOURCE_COLUMNS, resourceTold } from './told.ts';

const config = { scope: 'node:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };
const tags = ['ha'];
const FIELDS = { on: 'id', restart: 'max_restart', relocate: 'max_relocate' } as const;

/** The guests that HA looks after: put there, told otherwise, taken out. */
export async function haResourceRoutes(app: App): Promise<void> {
  showRoute(app);
  addRoute(app);
  changeRoute(app);
  removeRoute(app);
}

function showRoute(app: App): void {
  app.get(
    '/:guest_id',
    {
      config: { scope: 'node:read', limit: 'read' },
      schema: {
        operationId: 'getHaResource',
        summary: 'Show a guest that HA looks after',
        tags,
        params: HaParams,
        response: { 200: answerOf(z.object({ resource: HaResource })) },
      },
    },
    async (request) => {
      const { resource } = await managed(app.service, request.params.guest_id);
      return answer(request, { resource });
    },
  );
}

function addRoute(app: App): void {
  app.post(
    '',
    {
      config,
      schema: { operationId: 'addHaResource', summary: 'Put a guest under HA', tags, body: NewHaResource, response },
    },
    async (request, reply) => {
      const { id: text, state, max_restart: restart, max_relocate: relocate } = request.body;
      const id = readGuestId(app.service, text);
      if (id === undefined || !(await isThere(id))) {
        const details = { field: 'id', reason: 'not_found', provided_value: text };
        throw notAcceptable(`There is no guest ${text}.`, details);
      }
      const input = given({ state, restart, relocate });
      const says = `put ${text} under HA`;
      return carry(request, reply, id.cluster, { action: 'ha.add', targets: [id.guest], input, says }, FIELDS);
    },
  );
}

function changeRoute(app: App): void {
  app.put(
    '/:guest_id',
    {
      config,
      schema: {
        operationId: 'updateHaResource',
        summary: 'Change what HA does for a guest',
        tags,
        params: HaParams,
        body: HaChange,
        response,
      },
    },
    async (request, reply) => {
      const { id } = await managed(app.service, request.params.guest_id);
      const { state, max_restart: restart, max_relocate: relocate, failback: back } = request.body;
      const failback = back === undefined ? undefined : back ? 'on' : 'off';
      const input = given({ state, restart, relocate, failback });
      const says = `change HA of ${id.text}`;
      return carry(request, reply, id.cluster, { action: 'ha.change', targets: [id.guest], input, says }, FIELDS);
    },
  );
}

function removeRoute(app: App): void {
  app.delete(
    '/:guest_id',
    {
      config,
      schema: { operationId: 'removeHaResource', summary: 'Take a guest out of HA', tags, params: HaParams, response },
    },
    async (request, reply) => {
      const { id } = await managed(app.service, request.params.guest_id);
      const says = `take ${id.text} out of HA`;
      return carry(request, reply, id.cluster, { action: 'ha.remove', targets: [id.guest], input: {}, says });
    },
  );
}

/** The guest that a path names, which HA looks after. @throws Problem 404, 503 */
async function managed(service: Service, text: string): Promise<{ id: GuestId; resource: HaResource }> {
  const id = readGuestId(service, text);
  if (id === undefined) throw notFound('HA resource', text);
  const query = { dataset: 'ha', where: same('guest', id.guest), columns: RESOURCE_COLUMNS };
  const { views } = await lookAt(id.cluster, [query]);
  const row = views[0]?.rows[0];
  if (row === undefined) throw notFound('HA resource', text);
  return { id, resource: resourceTold(service, id.connection, row) };
}
