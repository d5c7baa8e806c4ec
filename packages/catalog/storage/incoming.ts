import { nodeRefusals, type Planning, type Refusal } from '../kit/index.ts';
import { type Place, placesNow, volumesAt } from './volumes-now.ts';

export type Content = 'iso' | 'vztmpl' | 'import';

/** What a file is kept as, by its name (pve-storage Storage.pm: ISO_EXT_RE, VZTMPL_EXT_RE, IMPORT_EXT_RE). */
const kinds: readonly (readonly [Content, RegExp])[] = [
  ['iso', /\.(iso|img)$/i],
  ['vztmpl', /\.tar(\.(gz|xz|zst|bz2))?$/i],
  ['import', /\.(ova|ovf|qcow2|raw|vmdk)$/i],
];

type Algorithm = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** What a file of such a name is kept as. */
export const contentOf = (filename: string): Content | undefined => kinds.find(([, form]) => form.test(filename))?.[0];

/** The names that Proxmox keeps, for whoever gave another. */
export const namesKept = 'Proxmox keeps .iso, .img, .tar.gz, .tar.xz, .tar.zst, .qcow2, .raw, .vmdk and .ova.';

/** By its length, a checksum tells how it was made. */
const algorithms: Readonly<Record<number, Algorithm>> = {
  32: 'md5',
  40: 'sha1',
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};

export const algorithmOf = (checksum: string): Algorithm | undefined => algorithms[checksum.length];

export function wrongSum(checksum: string | undefined): Refusal[] {
  if (checksum === undefined || (algorithmOf(checksum) !== undefined && /^[\da-f]+$/i.test(checksum))) return [];
  return [
    {
      input: 'checksum',
      reason: 'not_acceptable',
      why: `“${checksum}” is no checksum.`,
      next: 'Give it as hexadecimal digits: 64 of them for SHA-256.',
    },
  ];
}

/** The node that fetches it, or that it is put on: the one said, or the first that reaches the storage. */
export async function fetchingNode(
  planning: Planning,
  named: string | undefined,
  storage: string | undefined,
): Promise<{ place: Pick<Place, 'node'>; assumptions: string[] } | Refusal> {
  if (named !== undefined) {
    const [wrong] = await nodeRefusals(planning, named);
    return wrong ?? { place: { node: named }, assumptions: [] };
  }
  const places = (await placesNow(planning, storage)).filter(({ active }) => active);
  const [first] = places;
  if (first === undefined)
    return {
      input: 'storage',
      reason: 'not_found',
      why: `No node reaches ${storage ?? 'a storage'}.`,
      next: 'See what there is: “list storage”.',
    };
  const isAnywhere = first.shared || places.length === 1;
  return {
    place: first,
    assumptions: isAnywhere
      ? []
      : [`Node ${first.node}: each node has a ${first.storage} of its own; say “on NODE” for another`],
  };
}

/** Where a file is to come to. */
export interface Wanted {
  readonly node: string;
  readonly storage: string;
  readonly volid: string;
  readonly says: string;
}

/** That no file of that name is there: a download does not write over one, an upload does (PVE::Tools, download_file_from_url). */
export async function thereAlready(planning: Planning, { node, storage, volid }: Wanted): Promise<Refusal[]> {
  const place = { node, storage, shared: false, active: true, content: [] };
  const volumes = await volumesAt(planning, place);
  if (!volumes.some((each) => each.volid === volid)) return [];
  const say = `delete volume ${volid} on node ${node}`;
  return [
    {
      input: 'name',
      reason: 'exists',
      why: `${volid} is on ${node} already.`,
      next: `Choose another name (“as NAME”), or delete it first: “${say}”.`,
      say,
    },
  ];
}

/** Where it is to come to, in words. */
export const where = {
  storage: { kind: 'storage', say: ['(to|on|onto|into) [storage] {}'] },
  node: { kind: 'node', say: ['(on|of|at|to) [node] {}'] },
} as const;

/** The words for a checksum. */
export const checksumInput = {
  kind: 'word',
  say: ['(with|and) [checksum|sha256|sha512|sha1|md5] [checksum] {}', '(checksum|sha256|sha512|sha1|md5) {}'],
} as const;
