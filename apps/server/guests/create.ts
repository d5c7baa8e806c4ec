import type { Assistant } from '@pxa/assistant';
import type { Command, Plan } from '@pxa/contract';
import { z } from 'zod';
import { beginChange } from '../changes/carry.ts';
import { ChangeData, changeData } from '../changes/reply.ts';
import type { Changed } from '../changes/change.ts';
import type { Fields } from '../changes/refusal.ts';
import { connectionNamed } from '../connections/connection.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable } from '../http/problem.ts';
import type { App } from '../server.ts';
import { idText } from './ids.ts';
import type { KindOfGuest } from './kinds.ts';
import { NewContainer, type NewGuest, NewVm } from './new-guest.ts';
import { inputOf } from './wanted.ts';

const Made = z.object({
  /** Null until a person has approved it: the next free id is taken then. */
  id: z.string().nullable(),
  name: z.string(),
  status: z.enum(['creating', 'pending_approval']),
  creation_job_id: z.string().nullable(),
});

const NewVmAnswer = ChangeData.extend({ vm: Made });
const NewContainerAnswer = ChangeData.extend({ container: Made });

/** Making guests: from a template, an archive or an image, or with an empty disk. */
export async function creationRoutes(app: App, of: KindOfGuest): Promise<void> {
  const { service } = app;
  app.post(
    '',
    {
      config: { scope: of.write, limit: 'vm' },
      schema: {
        operationId: `create${of.named}`,
        summary: `Create a ${of.called}, configured as asked, or not at all`,
        tags: [of.many],
        body: of.kind === 'vm' ? NewVm : NewContainer,
        response: { 202: answerOf(of.kind === 'vm' ? NewVmAnswer : NewContainerAnswer) },
      },
    },
    async (request, reply) => {
      const body: NewGuest = request.body;
      const { name: connection, cluster } = connectionNamed(service, body.connection);
      const encrypted = service.settings.encrypted_storages[connection] ?? [];
      refuseEncryption(body, encrypted);
      const { command, fields } = await orderOf(cluster, of, body, encrypted);
      const changed = await beginChange(request, cluster, command, fields);
      const id = changed.kind === 'begun' ? idText(service, connection, of.kind, vmidOf(changed.plan)) : null;
      void reply.code(202);
      const made = madeOf(body.name, id, changed);
      const data = changeData(changed);
      return answer(request, of.kind === 'vm' ? { vm: made, ...data } : { container: made, ...data });
    },
  );
}

/** @throws Problem 422 */
function refuseEncryption({ security }: NewGuest, encrypted: readonly string[]): void {
  if (security?.encrypt_disk !== true || encrypted.length > 0) return;
  const message =
    'Proxmox cannot encrypt a disk, and no storage of this cluster is declared to be encrypted (encrypted_storages in the settings of the service).';
  throw notAcceptable(message, { field: 'security.encrypt_disk', reason: 'not_supported', provided_value: true });
}

/** The order that makes it, by what it is made of. */
async function orderOf(
  cluster: Assistant,
  of: KindOfGuest,
  body: NewGuest,
  encrypted: readonly string[],
): Promise<{ command: Command; fields: Fields }> {
  const { input, fields } = inputOf(body, encrypted);
  const { action, more } = await sourceOf(cluster, of, body);
  const says = `create ${of.called} ${body.name}`;
  return { command: { action, targets: [''], input: { ...input, ...more }, says }, fields };
}

type Source = { readonly action: string; readonly more: Readonly<Record<string, unknown>> };

async function sourceOf(cluster: Assistant, of: KindOfGuest, { template, iso }: NewGuest): Promise<Source> {
  // What has a colon is a file on a storage: `local:vztmpl/debian-12.tar.zst`.
  const isFile = template?.includes(':') === true;
  if (of.kind === 'vm') {
    if (template === undefined) return { action: 'vm.create', more: {} };
    if (iso !== undefined) {
      const message = 'A VM is made of a template or installed from an ISO image, not both.';
      throw notAcceptable(message, { field: 'iso', reason: 'not_with_template', provided_value: iso });
    }
    return isFile
      ? { action: 'vm.create', more: { image: template } }
      : { action: 'vm.from_template', more: { from: template } };
  }
  const guest = isFile ? undefined : await templateCalled(cluster, of, template ?? '');
  if (guest === undefined) return { action: 'container.create', more: { template } };
  return { action: 'container.from_template', more: { template: guest } };
}

/** The template container of a name or an id. */
async function templateCalled(cluster: Assistant, { type }: KindOfGuest, text: string): Promise<string | undefined> {
  const where = all(same('type', type), same('template', true));
  const { views } = await lookAt(cluster, [{ dataset: 'guests', where, columns: ['vmid', 'name'] }]);
  const called = text.toLowerCase().replace(/^ct-(?=\d+$)/, '');
  const rows = views[0]?.rows ?? [];
  const found = rows.find(
    ({ cells }) => String(cells['vmid']) === called || String(cells['name']).toLowerCase() === called,
  );
  return found?.id;
}

function madeOf(name: string, id: string | null, changed: Changed): z.infer<typeof Made> {
  const jobId = changed.kind === 'begun' ? changed.job.id : null;
  return { id, name, status: jobId === null ? 'pending_approval' : 'creating', creation_job_id: jobId };
}

/** The id that a plan gives to what it makes: that of a copy, or of what is made new. */
function vmidOf({ steps }: Plan): number {
  const made = steps.find(({ method, path }) => method === 'POST' && /\/(?:qemu|lxc)(?:\/\d+\/clone)?$/.test(path));
  return Number(made?.params['newid'] ?? made?.params['vmid']);
}
