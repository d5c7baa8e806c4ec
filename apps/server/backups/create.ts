import { carry } from '../changes/carry.ts';
import { given } from '../changes/given.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { type GuestId, isThere, readGuestId } from '../guests/ids.ts';
import { notAcceptable } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { NewBackup } from './bodies.ts';

const config = { scope: 'backup:write', limit: 'vm' } as const;
const response = { 200: ChangeAnswer, 202: ChangeAnswer };

const FIELDS = {
  compress: 'compression',
  encrypt: 'encryption',
  among: 'encryption',
  notes: 'description',
  protect: 'protected',
} as const;

/** Making backups. */
export async function backupCreation(app: App): Promise<void> {
  const { service } = app;

  app.post(
    '',
    {
      config,
      schema: {
        operationId: 'createBackup',
        summary: 'Back up a VM or container now',
        tags: ['backups'],
        body: NewBackup,
        response,
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (body.backup_type === 'incremental') throw noIncrements();
      const guest = await guestNamed(service, body.vm_id);
      const { storage, mode, description, compression } = body;
      const input = given({
        storage,
        mode,
        notes: description === '' ? undefined : description,
        protect: body.protected,
        compress: compression,
        encrypt: body.encryption ? true : undefined,
      });
      const command = { action: 'backup.create', targets: [guest.guest], input, says: `back up ${body.vm_id}` };
      return carry(request, reply, guest.cluster, command, FIELDS);
    },
  );
}

/** The guest that a body names, which there is. @throws Problem 422, 503 */
async function guestNamed(service: Service, id: string): Promise<GuestId> {
  const guest = readGuestId(service, id);
  if (guest !== undefined && (await isThere(guest))) return guest;
  const details = { field: 'vm_id', reason: 'not_found', provided_value: id };
  throw notAcceptable(`There is no guest ${id}. Ids are written as vm-101 and ct-200.`, details);
}

function noIncrements(): ReturnType<typeof notAcceptable> {
  const message =
    'Proxmox makes full backups alone. On a Proxmox Backup Server each of them takes only the room of what is new in it, so that “full” there costs what an increment would.';
  const details = { field: 'backup_type', reason: 'not_supported', provided_value: 'incremental' };
  return notAcceptable(message, details);
}
