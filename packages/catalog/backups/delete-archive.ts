import { action, call, countText, piece, type PieceStep, type Planned, refused, sizeText } from '../kit/index.ts';
import { chosenInput, noArchive, protectedOnes, whichArchive } from './archive-words.ts';
import {
  archiveFact,
  archivesNamed,
  archivesNow,
  type ArchiveNow,
  type Archives,
  chosenOf,
  fileOf,
  takenText,
} from './archives-now.ts';

/** What is lost with an archive, in words. */
export const textOf = (archive: ArchiveNow): string => {
  const size = archive.size === undefined ? '' : `, ${sizeText(archive.size)}`;
  return `backup ${fileOf(archive)} on ${archive.storage}, of ${takenText(archive)}${size}`;
};

/** The step that deletes an archive. */
export function deleteStep(archive: ArchiveNow): PieceStep {
  const { node, storage, volid, vmid } = archive;
  const step = call(
    'DELETE',
    '/nodes/{node}/storage/{storage}/content/{volume}',
    { node, storage, volume: volid },
    `Delete backup ${fileOf(archive)} from ${storage}`,
  );
  return {
    ...step,
    node,
    tasks: [{ type: 'imgdel', id: `${vmid === undefined ? '' : `${vmid}@`}${storage}` }],
    limitSeconds: 3_600,
    relies: [archiveFact(archive, 'volid', volid), archiveFact(archive, 'protected', null)],
    expects: [archiveFact(archive, 'volid', null)],
  };
}

/** What is in the way, or the plan. `left` are the guest's archives that stay. */
function deletion(of: string, chosen: readonly ArchiveNow[], all: Archives, confirm: string): Planned {
  const blocked = protectedOnes(chosen);
  if (blocked.length > 0) return refused(...blocked);
  const stay = all.found.length - chosen.length;
  return piece({
    says: chosen.length === 1 ? `Delete a backup ${of}` : `Delete ${chosen.length} backups ${of}`,
    steps: chosen.map(deleteStep),
    loses: chosen.map(textOf),
    warnings: [
      stay === 0
        ? `No backup ${of} is left then.`
        : `${countText(stay, 'backup')} ${of} ${stay === 1 ? 'stays' : 'stay'}.`,
      ...all.unread.map((each) => `Whether there are more could not be read: ${each}`),
    ],
    changes: chosen.map((each) => ({
      about: each.storage,
      key: 'backup',
      before: `${fileOf(each)} (${takenText(each)})`,
      after: null,
    })),
    confirm,
  });
}

export const deleteArchive = action({
  id: 'backup.delete',
  verb: 'delete the backup',
  risk: 'destructive',
  say: [
    '(delete|remove|erase|destroy|drop) (backup|archive|backup archive|backup file|dump) {archive}',
    '(delete|remove|erase|destroy|drop) {which} (backup|backups|archive|archives) (of|for) [deleted|gone|removed] [vm|ct|container|guest] {vmid} {*}',
  ],
  input: {
    archive: { kind: 'word', say: [] },
    vmid: { kind: 'vmid', say: [] },
    ...chosenInput,
  },
  async plan(planning, { input }): Promise<Planned> {
    const { archive: name, vmid } = input;
    const archives = await archivesNow(planning, vmid);
    const of = vmid === undefined ? `called ${name ?? ''}` : `of guest ${vmid}`;
    const chosen = vmid === undefined ? archivesNamed(archives, name ?? '') : await chosenOf(archives, input, planning);
    const [first] = chosen;
    if (first === undefined) return noArchive(of, archives);
    if (vmid === undefined && chosen.length > 1)
      return whichArchive(of, chosen, (each) => `delete backup ${each.volid}`);
    const others = vmid === undefined ? await archivesNow(planning, first.vmid) : archives;
    const guest = first.vmid === undefined ? '' : `of guest ${first.vmid}`;
    return deletion(guest, chosen, others, vmid === undefined ? fileOf(first) : String(vmid));
  },
  examples: [
    {
      say: 'delete backup vzdump-qemu-103-2026_02_23-02_28_18.vma.zst',
      sends: [
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-qemu-103-2026_02_23-02_28_18.vma.zst',
      ],
    },
    { say: 'delete backup nothing-of-that-name.vma.zst', sends: 'clarification' },
    {
      say: 'remove the archive vzdump-lxc-203-2026_02_22-03_01_47.tar.zst',
      sends: [
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-lxc-203-2026_02_22-03_01_47.tar.zst',
      ],
    },
  ],
});

export const deleteOfGuest = action({
  id: 'backup.delete_of_guest',
  verb: 'delete backups of',
  risk: 'destructive',
  on: { dataset: 'guests' },
  say: [
    '(delete|remove|erase|destroy|drop) {which} (backup|backups|archive|archives) (of|for) {on} {*}',
    '(delete|remove|erase|destroy|drop) (backup|backups|archive|archives) (of|for) {on} {+}',
    '(delete|remove|erase|destroy|drop) all (but|except) [last|newest|latest] {butLast} [last|newest|latest] (backup|backups) (of|for) {on} {*}',
    '(delete|remove|erase|destroy|drop) (backup|backups|archive|archives) (of|for) {on}',
  ],
  input: { ...chosenInput, butLast: { kind: 'count', say: ['but [the] [last|newest|latest] {}'] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const archives = await archivesNow(planning, guest.vmid);
    const chosen = await chosenOf(archives, input, planning);
    const of = `of ${guest.title}`;
    if (chosen.length === 0) return noArchive(`${of} that this is about`, archives);
    const isSaid = input.which !== undefined || input.olderThan !== undefined || input.butLast !== undefined;
    if (!isSaid && chosen.length > 1) return whichArchive(of, chosen, (each) => `delete backup ${each.volid}`);
    return deletion(of, chosen, archives, guest.name === '' ? String(guest.vmid) : guest.name);
  },
  examples: [
    {
      say: 'delete the oldest backup of docker-host-01 on nfs-backup',
      sends: [
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-qemu-103-2026_02_19-02_28_18.vma.zst',
      ],
    },
    {
      say: 'remove all backups of dev-sandbox',
      sends: [
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-lxc-203-2026_02_22-03_01_47.tar.zst',
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-lxc-203-2026_02_15-03_01_47.tar.zst',
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-lxc-203-2026_02_08-03_01_47.tar.zst',
      ],
    },
    {
      say: 'delete backups of dev-sandbox older than 10 days',
      sends: [
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-lxc-203-2026_02_08-03_01_47.tar.zst',
      ],
    },
    {
      say: 'delete all but the last 2 backups of dev-sandbox',
      sends: [
        'DELETE /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-lxc-203-2026_02_08-03_01_47.tar.zst',
      ],
    },
    { say: 'delete the backups of docker-host-01', sends: 'clarification' },
    { say: 'delete the oldest backup of build-agent', sends: 'clarification' },
  ],
});
