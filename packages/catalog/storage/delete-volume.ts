import {
  action,
  call,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sizeText,
} from '../kit/index.ts';
import { distinct, placesNow, usesOf, type VolumeNow, volumeFact, volumesAt } from './volumes-now.ts';

const nameOf = (volid: string): string => volid.slice(volid.indexOf(':') + 1);
const fileOf = (volid: string): string => nameOf(volid).replace(/^.*\//, '');

/** Those that a volume id or a file's name means, and what else lies beside them. */
async function volumesNamed(
  planning: Planning,
  name: string,
  at: { node: string | undefined; storage: string | undefined },
): Promise<{ found: VolumeNow[]; all: VolumeNow[] }> {
  const storage = at.storage ?? (name.includes(':') ? name.slice(0, name.indexOf(':')) : undefined);
  const places = distinct(await placesNow(planning, storage)).filter(
    (place) => place.active && (at.node === undefined || at.node === place.node || place.shared),
  );
  const all = (await Promise.all(places.map((place) => volumesAt(planning, place)))).flat();
  const found = all.filter(({ volid, content }) => {
    if (content === 'backup') return false;
    return volid === name || nameOf(volid) === name || fileOf(volid) === name;
  });
  return { found, all };
}

/** What holds a volume: a guest's configuration, or clones that share its data. */
async function heldBy(planning: Planning, volume: VolumeNow, all: readonly VolumeNow[]): Promise<Refusal[]> {
  const { volid, content } = volume;
  const isDisk = content === 'images' || content === 'rootdir';
  const where = volume.shared ? {} : { node: volume.node };
  // A disk is its owner's; an image in a drive may be anybody's. Container templates are copied, and held by nobody.
  const of = isDisk && volume.vmid !== undefined ? { ...where, vmid: volume.vmid } : where;
  const { uses, unread } =
    content === 'vztmpl' ? { uses: [], unread: [] } : await usesOf(planning, (each) => each === volid, of);
  const clones = all.filter(({ parent, volid: other }) => {
    const isChild = parent !== undefined && (parent === nameOf(volid) || parent === volid);
    return isChild || nameOf(other).startsWith(`${nameOf(volid)}/`);
  });
  return [
    ...uses.map(({ title, key, vmid }) => {
      const say = isDisk ? `show the disks of ${vmid}` : `eject the iso of ${vmid}`;
      const next = isDisk
        ? `Take it out of ${title} first; there, what is lost with it is known.`
        : `Take it out first: “${say}”.`;
      return { why: `${title} uses ${fileOf(volid)} as ${key}.`, next, say };
    }),
    ...clones.map((clone) => ({
      why: `${nameOf(clone.volid)} is a linked clone of it.`,
      next: 'Delete the guests that were cloned from it first, or make full clones of them.',
    })),
    ...unread.map((why) => ({
      why: `Whether a guest uses ${fileOf(volid)} could not be read: ${why}`,
      next: 'Ask again once that can be read.',
    })),
  ];
}

function deleteStep({ node, storage, volid, vmid }: VolumeNow): PieceStep {
  const step = call(
    'DELETE',
    '/nodes/{node}/storage/{storage}/content/{volume}',
    { node, storage, volume: volid },
    `Delete ${nameOf(volid)} from ${storage}`,
  );
  return {
    ...step,
    node,
    tasks: [{ type: 'imgdel', id: `${vmid === undefined ? '' : `${vmid}@`}${storage}` }],
    limitSeconds: 3_600,
    relies: [volumeFact({ node, storage }, volid, volid)],
    expects: [volumeFact({ node, storage }, volid, null)],
  };
}

function deletion(volume: VolumeNow): Planned {
  const { volid, storage, shared, node, size, content, vmid } = volume;
  const place = shared ? storage : `${storage} of ${node}`;
  const isDisk = content === 'images' || content === 'rootdir';
  return piece({
    says: `Delete ${fileOf(volid)} from ${place}`,
    steps: [deleteStep(volume)],
    loses: [`${volid} on ${place}${size === undefined ? '' : `, ${sizeText(size)}`}`],
    warnings: isDisk
      ? [
          vmid === undefined
            ? 'It is the disk of no guest that is known.'
            : `It carries the number of guest ${vmid}, whose configuration does not name it; snapshots of that guest may.`,
        ]
      : [],
    changes: [{ about: place, key: nameOf(volid), before: size === undefined ? 'there' : sizeText(size), after: null }],
    confirm: fileOf(volid),
  });
}

export const deleteVolume = action({
  id: 'storage.delete_volume',
  verb: 'delete the volume',
  risk: 'destructive',
  say: [
    '(delete|remove|erase) (volume|iso|iso image|iso file|image|image file|disk image|import image|container template|ct template|lxc template|template file|snippet) {volume} {*}',
    '(delete|remove|erase) {volume} from [storage] {storage} {*}',
  ],
  input: {
    volume: { kind: 'word', say: [] },
    storage: { kind: 'storage', say: ['(from|on|in) [storage] {}'] },
    node: { kind: 'node', say: ['(on|of|at|from) [node] {}'] },
  },
  async plan(planning, { input }): Promise<Planned> {
    const { volume: name = '', storage, node } = input;
    const { found, all } = await volumesNamed(planning, name, { node, storage });
    const [volume] = found;
    if (volume === undefined) {
      const where = storage === undefined ? 'any storage' : storage;
      const next = 'Backups are deleted by “delete backup …”. See what there is: “list images”.';
      return refused({
        why: `There is no ${name} on ${where}${node === undefined ? '' : ` of ${node}`}.`,
        next,
        say: 'list images',
      });
    }
    if (found.length > 1) {
      return {
        kind: 'ask',
        question: `${name} lies on several storages. Which one is to be deleted?`,
        input: 'node',
        reason: 'ambiguous',
        options: found.map((each) => ({
          label: `${each.storage}${each.shared ? '' : ` of ${each.node}`}`,
          say: `delete volume ${each.volid}${each.shared ? '' : ` on node ${each.node}`}`,
        })),
      };
    }
    const held = await heldBy(planning, volume, all);
    return held.length > 0 ? refused(...held) : deletion(volume);
  },
  examples: [
    {
      say: 'delete iso virtio-win-0.1.285.iso',
      sends: ['DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:iso%2Fvirtio-win-0.1.285.iso'],
    },
    {
      say: 'remove the container template alpine-3.22-default_20250617_amd64.tar.xz from nfs-backup',
      sends: [
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:vztmpl%2Falpine-3.22-default_20250617_amd64.tar.xz',
      ],
    },
    { say: 'delete iso debian-13.3.0-amd64-netinst.iso', sends: 'clarification' },
    {
      say: 'delete debian-13.3.0-amd64-netinst.iso from local on pve-node02',
      sends: ['DELETE /nodes/pve-node02/storage/local/content/local:iso%2Fdebian-13.3.0-amd64-netinst.iso'],
    },
    { say: 'delete volume local-zfs:vm-101-disk-0', sends: 'clarification' },
    { say: 'delete iso windows-95.iso', sends: 'clarification' },
  ],
});
