import type { Command, Plan } from '@pxa/contract';
import { z } from 'zod';
import { beginChange } from '../changes/carry.ts';
import type { Changed } from '../changes/change.ts';
import { given } from '../changes/given.ts';
import { ChangeData, changeData } from '../changes/reply.ts';
import { idOfType, isThere, type Kind, readGuestId } from '../guests/ids.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { notAcceptable, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { Restore } from './bodies.ts';
import { type KnownBackup, knownBackup } from './known.ts';

const Params = z.object({ backup_id: z.string() });

/** The guest that a restore makes, or puts back. */
const Restored = ChangeData.extend({
  vm: z.object({ id: z.string().nullable(), status: z.enum(['restoring', 'pending_approval']) }),
});

/** Restoring: as a new guest, or over the one that the backup was made of. */
export async function restoreRoutes(app: App): Promise<void> {
  const { service } = app;

  app.post(
    '/:backup_id/restore',
    {
      config: { scope: 'backup:write', limit: 'vm' },
      schema: {
        operationId: 'restoreBackup',
        summary: 'Restore a backup as a new guest, or over the original',
        tags: ['backups'],
        params: Params,
        body: Restore.nullish(),
        response: { 202: answerOf(Restored) },
      },
    },
    async (request, reply) => {
      const known = await knownBackup(service, request.params.backup_id);
      const wish = request.body ?? Restore.parse({});
      const order = wish.target === 'original' ? await over(service, known, wish) : asNew(service, known, wish);
      const { cluster, name } = known.connection;
      const changed = await beginChange(request, cluster, order, { vmid: 'vm_id' });
      void reply.code(202);
      return answer(request, { ...changeData(changed), vm: vmOf(service, name, changed) });
    },
  );
}

function asNew(service: Service, { backup, connection, volid }: KnownBackup, wish: Restore): Command {
  const { node, storage, start, name } = wish;
  const vmid =
    wish.vm_id === undefined ? undefined : freeId(service, connection.name, { text: wish.vm_id, of: backup.vm_id });
  const input = given({ archive: volid, vmid, name, node, storage, start: start ? true : undefined });
  return { action: 'backup.restore_new', targets: [], input, says: `restore backup ${volid}` };
}

/** The number that a new guest is to have; its id is of the same kind as the guest `of` the backup. @throws Problem 422 */
function freeId(service: Service, connection: string, { text, of }: { text: string; of: string | null }): number {
  const id = readGuestId(service, text);
  const kind = of === null ? undefined : readGuestId(service, of)?.kind;
  if (id !== undefined && kind !== undefined && id.kind !== kind) throw otherKind(text, id.vmid, kind);
  if (id !== undefined && id.connection === connection) return id.vmid;
  const details = { field: 'vm_id', reason: 'not_an_id', provided_value: text };
  throw notAcceptable('vm_id must be an id of the same cluster, such as vm-150.', details);
}

function otherKind(text: string, vmid: number, kind: Kind): Problem {
  const message = `The backup is of a ${kind === 'vm' ? 'VM' : 'container'}: write its new id as ${kind}-${vmid}.`;
  return notAcceptable(message, { field: 'vm_id', reason: 'not_of_this_kind', provided_value: text });
}

/** All that the guest holds now is lost: whoever asks types its name. @throws Problem 422, 409 */
async function over(service: Service, { backup, volid }: KnownBackup, wish: Restore): Promise<Command> {
  const original = backup.vm_id === null ? undefined : readGuestId(service, backup.vm_id);
  if (original === undefined || !(await isThere(original))) {
    const message = `The guest that this backup was made of is no longer there. Leave target out: it is then restored under its own number.`;
    throw new Problem(409, 'RESOURCE_CONFLICT', message, { field: 'target', reason: 'original_gone' });
  }
  for (const field of ['vm_id', 'name', 'node'] as const) {
    if (wish[field] === undefined) continue;
    const details = { field, reason: 'not_with_original', provided_value: wish[field] };
    throw notAcceptable(`A restore over the original keeps its ${field}: leave it out.`, details);
  }
  const expected = backup.vm_name ?? String(original.vmid);
  if (wish.confirm !== expected) throw unconfirmed(expected, wish.confirm);
  const { storage, start } = wish;
  const input = given({ archive: volid, storage, start: start ? true : undefined });
  return {
    action: 'backup.restore',
    targets: [original.guest],
    input,
    says: `restore backup ${volid} over the original`,
  };
}

function unconfirmed(expected: string, said: string | undefined): Problem {
  const message = `This replaces all that ${expected} holds now, which cannot be taken back: send confirm with exactly “${expected}”.`;
  const details = { field: 'confirm', ...(said === undefined ? {} : { provided_value: said }) };
  return notAcceptable(message, { ...details, reason: said === undefined ? 'required' : 'does_not_match' });
}

function vmOf(service: Service, connection: string, changed: Changed): z.infer<typeof Restored>['vm'] {
  if (changed.kind !== 'begun') return { id: null, status: 'pending_approval' };
  return { id: idIn(service, connection, changed.plan), status: 'restoring' };
}

/** The guest that a plan restores: `POST /nodes/NODE/qemu` with its number. */
function idIn(service: Service, connection: string, { steps }: Plan): string | null {
  for (const { path, params } of steps) {
    const type = /^\/nodes\/[^/]+\/(qemu|lxc)$/.exec(path)?.[1];
    if (type !== undefined) return idOfType(service, connection, type, Number(params['vmid']));
  }
  return null;
}
