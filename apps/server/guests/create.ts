import type { Assistant } from '@pxa/assistant';
import type { Command } from '@pxa/contract';
import { changeData } from '../changes/reply.ts';
import type { Fields } from '../changes/refusal.ts';
import { connectionNamed } from '../connections/connection.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable } from '../http/problem.ts';
import type { App } from '../server.ts';
import type { KindOfGuest } from './kinds.ts';
import { beginMaking } from './making.ts';
import { madeOf, NewContainerAnswer, NewVmAnswer } from './made.ts';
import { NewContainer, type NewGuest, NewVm } from './new-guest.ts';
import { inputOf } from './wanted.ts';

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
      const changed = await beginMaking(request, { name: connection, cluster }, command, fields);
      void reply.code(202);
      const made = madeOf(service, { of, connection, name: body.name }, changed);
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

async function sourceOf(cluster: Assistant, of: KindOfGuest, body: NewGuest): Promise<Source> {
  const { template, iso } = body;
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
  refuseOfCopies(body);
  return { action: 'container.from_template', more: { template: guest } };
}

/** What Proxmox sets only of containers that are made of an archive. @throws Problem 422 */
function refuseOfCopies(body: NewGuest): void {
  for (const field of ['password', 'privileged', 'nesting'] as const) {
    if (body[field] === undefined) continue;
    const message = `A copy of a template container has its ${field} from there: leave it out.`;
    throw notAcceptable(message, { field, reason: 'not_of_a_copy' });
  }
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
