import { z } from 'zod';
import { beginChange, carry } from '../changes/carry.ts';
import type { Changed } from '../changes/change.ts';
import { given } from '../changes/given.ts';
import { ChangeAnswer, ChangeData, changeData } from '../changes/reply.ts';
import { answer, answerOf } from '../http/envelope.ts';
import type { App } from '../server.ts';
import { guestIdOf, knownGuest } from './ids.ts';
import { idIn, type KindOfGuest, paramsOf } from './kinds.ts';
import { NewSnapshot, Restore, SnapshotList, Taken } from './snapshots-schema.ts';
import { knownSnapshot, snapshotsOf } from './snapshots-told.ts';

const SIZES = [{ field: 'snapshots.size_gb', reason: 'Proxmox does not tell how much a snapshot takes.' }];

const words = ({ named, many }: KindOfGuest, verb: string, summary: string): OfOne['schema'] => ({
  operationId: `${verb}${named}Snapshot`,
  summary,
  tags: [many],
});

/** The snapshots of a guest. */
export async function snapshotRoutes(app: App, of: KindOfGuest): Promise<void> {
  const path = `/:${of.param}/snapshots`;
  reading(app, of, path);
  taking(app, of, path);
  ofOne(app, of, {
    does: 'delete',
    route: `${path}/:snapshot_id`,
    schema: words(of, 'delete', `Delete a snapshot of a ${of.called}`),
  });
  ofOne(app, of, {
    does: 'rollback',
    route: `${path}/:snapshot_id/restore`,
    schema: words(of, 'restore', `Take a ${of.called} back to a snapshot; what it wrote since is lost`),
  });
}

function reading(app: App, of: KindOfGuest, path: string): void {
  app.get(
    path,
    {
      config: { scope: of.read, limit: 'read' },
      schema: {
        ...words(of, 'list', `List the snapshots of a ${of.called}, oldest first`),
        operationId: `list${of.named}Snapshots`,
        params: paramsOf(of),
        response: { 200: answerOf(SnapshotList) },
      },
    },
    async (request) => {
      const snapshots = await snapshotsOf(guestIdOf(app.service, of.kind, idIn(of, request.params)));
      const current = snapshots.find((each) => each.current === true)?.name ?? null;
      return answer(request, { snapshots, current }, snapshots.length === 0 ? [] : SIZES);
    },
  );
}

function taking(app: App, of: KindOfGuest, path: string): void {
  app.post(
    path,
    {
      config: { scope: of.write, limit: 'vm' },
      schema: {
        ...words(of, 'create', `Take a snapshot of a ${of.called}`),
        params: paramsOf(of),
        body: NewSnapshot.nullish(),
        response: { 202: answerOf(ChangeData.extend({ snapshot: Taken })) },
      },
    },
    async (request, reply) => {
      const { cluster, guest, vmid } = await knownGuest(app.service, of.kind, idIn(of, request.params));
      const { name, description: text, include_memory: memory = false } = request.body ?? {};
      const input = given({ memory, name, text });
      const says = `take a snapshot of ${of.called} ${vmid}`;
      const fields = { memory: 'include_memory', text: 'description' };
      const changed = await beginChange(
        request,
        cluster,
        { action: 'snapshot.create', targets: [guest], input, says },
        fields,
      );
      void reply.code(202);
      return answer(request, { snapshot: takenOf(changed), ...changeData(changed) });
    },
  );
}

/** The name of a snapshot that is being taken, which may have been made of the time. */
function takenOf(changed: Changed): z.infer<typeof Taken> {
  if (changed.kind === 'already') throw new Error('a snapshot is never taken already');
  const name = String(changed.plan.steps[0]?.params['snapname'] ?? '');
  return { id: name, name, status: changed.kind === 'begun' ? 'creating' : 'pending_approval' };
}

interface OfOne {
  readonly does: 'delete' | 'rollback';
  readonly route: string;
  readonly schema: { readonly operationId: string; readonly summary: string; readonly tags: string[] };
}

/** What is done to one snapshot: it must be there. */
function ofOne(app: App, of: KindOfGuest, { does, route, schema }: OfOne): void {
  app.route({
    method: does === 'delete' ? 'DELETE' : 'POST',
    url: route,
    config: { scope: of.write, limit: 'vm' },
    schema: {
      ...schema,
      params: paramsOf(of).extend({ snapshot_id: z.string() }),
      ...(does === 'delete' ? {} : { body: Restore.nullish() }),
      response: { 200: ChangeAnswer, 202: ChangeAnswer },
    },
    handler: async (request, reply) => {
      const params: Record<string, string> = request.params;
      const id = guestIdOf(app.service, of.kind, idIn(of, params));
      const name = params['snapshot_id'] ?? '';
      await knownSnapshot(id, name);
      // Deleting takes no body.
      const start = does === 'rollback' && Restore.nullish().parse(request.body)?.start === true;
      const input = { name, ...(start ? { start } : {}) };
      const says = `${does === 'delete' ? 'delete' : 'go back to'} snapshot ${name} of ${of.called} ${id.vmid}`;
      return carry(request, reply, id.cluster, { action: `snapshot.${does}`, targets: [id.guest], input, says });
    },
  });
}
