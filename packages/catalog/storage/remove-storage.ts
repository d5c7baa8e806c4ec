import {
  action,
  anyNode,
  call,
  needed,
  piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
} from '../kit/index.ts';
import { definitionFact, type DefinitionNow, definitionCalled } from './definition-now.ts';
import { guestsOn } from './lies-on.ts';

/** What still goes to a storage: the disks and drives of guests, and the backups of jobs. */
async function inTheWay(planning: Planning, of: DefinitionNow): Promise<Refusal[]> {
  const guests = await guestsOn(planning, of);
  const jobs = needed(await planning.list('/cluster/backup', {}), 'The backup jobs')
    .filter(({ data }) => data['storage'] === of.id)
    .map(({ data }) => String(data['id']));
  return [
    ...(guests.length === 0
      ? []
      : [
          {
            why: `Guests lie on storage ${of.id}, or have an image of it in a drive: ${guests.join(', ')}.`,
            next: 'Move their disks elsewhere first, and take its images out.',
            say: `list volumes on ${of.id}`,
          },
        ]),
    ...jobs.map((id) => ({
      why: `Backup job ${id} writes to ${of.id}.`,
      next: `Move it elsewhere first: “move backup job ${id} to STORAGE”.`,
    })),
  ];
}

export const removeStorage = action({
  id: 'storage.remove',
  verb: 'remove the storage',
  risk: 'destructive',
  say: [
    '(delete|remove|detach|forget|drop|disconnect|unmount) (storage|datastore|storage definition|definition of storage) {storage}',
    '(delete|remove|forget|drop) (storage|datastore) {name}',
  ],
  input: { storage: { kind: 'storage', say: [] }, name: { kind: 'text', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const of = await definitionCalled(planning, input.storage ?? input.name ?? '');
    const blocked = await inTheWay(planning, of);
    if (of.id === 'local')
      blocked.push({
        why: 'Proxmox itself writes to local where nothing else is named.',
        next: 'Disable it instead: “disable storage local”.',
        say: 'disable storage local',
      });
    if (blocked.length > 0) return refused(...blocked);
    const says = `Remove storage ${of.id} from the cluster’s configuration`;
    const step = call('DELETE', '/storage/{storage}', { storage: of.id }, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: await anyNode(planning),
          limitSeconds: 300,
          relies: [definitionFact(of.id, 'type', of.type)],
          expects: [definitionFact(of.id, 'storage', null)],
        },
      ],
      warnings: [
        'What lies on it stays where it is: backups, images and templates there are only no longer known to Proxmox.',
        'Permissions on it, and its place in pools, go with it.',
      ],
      loses: [`the definition of storage ${of.id} (${of.type}), with its password where it has one`],
      changes: [{ about: 'storage', key: of.id, before: of.type, after: null }],
      confirm: of.id,
    });
  },
  examples: [
    { say: 'remove storage backup-pool', sends: 'clarification' },
    { say: 'delete storage local-zfs', sends: 'clarification' },
    { say: 'delete storage local', sends: 'clarification' },
  ],
});
