import { parseSize } from '@pxa/pve/size';
import { type Planning, type Refusal, sizeText } from '../kit/index.ts';
import type { ArchiveNow } from '../backups/archives-now.ts';
import { placeFor, storagesOf } from '../guest-disks/disks.ts';
import { options } from '../guests/config.ts';
import { contentsOf } from './choose.ts';

/** Where the disks of an archive will lie: on one storage, or each where it was. */
export interface Place {
  /** Undefined: each volume on the storage that it was on. */
  readonly storage: string | undefined;
  readonly assumptions: readonly string[];
  /** The name of the guest in the archive. */
  readonly name: string | undefined;
}

/** Each storage of the archive where the node has it; the one that was named, or the one with the most room, where not. */
export async function placeOf(
  planning: Planning,
  of: { archive: ArchiveNow; node: string; type: 'qemu' | 'lxc'; named: string | undefined },
): Promise<Place | { refusals: Refusal[] }> {
  const { archive, node, type, named } = of;
  const { volumes, name } = await contentsOf(planning, archive, node);
  const content = type === 'qemu' ? 'images' : 'rootdir';
  const bytes = volumes.reduce((sum, { value }) => sum + (parseSize(options(value)['size'] ?? '') ?? 0), 0);
  const before = [...new Set(volumes.map(({ storage }) => storage))];
  const known = await storagesOf(planning, node);
  const lacking = before.filter((id) => !known.some((each) => each.storage === id && each.content.includes(content)));
  const [only] = before;
  if (named === undefined && lacking.length === 0 && (type === 'qemu' || before.length === 1)) {
    const storage = known.find((each) => each.storage === only);
    if (storage !== undefined && before.length === 1 && bytes > storage.free) {
      const why = `${storage.storage} has ${sizeText(storage.free)} free; the backup holds disks of ${sizeText(bytes)}.`;
      return { refusals: [{ why, next: 'Name another storage: “on storage …”.' }] };
    }
    // Containers are put on `local` where no storage is named (pve-container LXC.pm).
    return {
      storage: type === 'lxc' ? only : undefined,
      assumptions: [`Storage ${before.join(', ') || 'as in the backup'}: where its disks were`],
      name,
    };
  }
  const place = await placeFor(planning, { node, content, named, bytes });
  if ('refusals' in place) return place;
  const why =
    lacking.length > 0 && named === undefined ? [`${node} has no ${lacking.join(', ')}, where its disks were`] : [];
  return { storage: place.storage.storage, assumptions: [...why, ...place.assumptions], name };
}
