import type { LocalFile } from '@pxa/contract';
import { storedFilename } from '@pxa/pve/volid';
import { placeFor } from '../guest-disks/disks.ts';
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
import { contentText } from './content-words.ts';
import {
  algorithmOf,
  checksumInput,
  type Content,
  contentOf,
  fetchingNode,
  namesKept,
  thereAlready,
  type Wanted,
  where,
  wrongSum,
} from './incoming.ts';
import { volumeFact } from './volumes-now.ts';

/** A file larger than this may well be more than the system disk of a node has room for. */
const LARGE = 2 ** 30;

/** The file as it is now, or why it cannot be sent. Other doors than the command line have no files of the person's. */
async function fileNow(
  planning: Planning,
  path: string,
  checksum: string | undefined,
): Promise<{ file: LocalFile; called: string } | Refusal> {
  if (planning.files === undefined) {
    const next = `On the computer that has it: pxa "upload ${path} to STORAGE". What has an address can be downloaded: “download https://… to STORAGE”.`;
    return { why: `From here, ${path} of your computer cannot be reached.`, next };
  }
  const found = await planning.files.look(path, checksum === undefined ? undefined : algorithmOf(checksum));
  if (!found.ok) return found;
  const { file, called = `File ${file.path} of this computer` } = found;
  if (file.bytes === 0) return { input: 'file', why: `${called} is empty.`, next: 'Name another file.' };
  if (checksum === undefined || found.sum === checksum.toLowerCase()) return { file, called };
  const why = `${called} is not the file that was meant: its checksum is ${found.sum ?? 'unknown'}.`;
  return { input: 'checksum', reason: 'not_acceptable', why, next: `It should be ${checksum}: get the file anew.` };
}

function stepFor(of: Wanted, content: Content, filename: string, file: LocalFile): PieceStep {
  const { node, storage, volid, says } = of;
  const sent = { content, filename, checksum: file.sha256, 'checksum-algorithm': 'sha256' } as const;
  const size = volumeFact(of, volid, file.bytes);
  return {
    ...call('POST', '/nodes/{node}/storage/{storage}/upload', { node, storage, ...sent }, says),
    node,
    file,
    // The node that takes the file in works on it, whichever it is for (pve-manager API2/Storage/Status.pm, upload).
    tasks: [{ type: 'imgcopy', id: '', at_entry: true }],
    limitSeconds: 6 * 3_600,
    relies: [volumeFact(of, volid, null)],
    expects: [
      volumeFact(of, volid, volid),
      { ...size, about: `size of ${volid}`, at: [...size.at.slice(0, -1), 'size'] },
    ],
  };
}

async function plan(
  planning: Planning,
  input: { file?: string; storage?: string; node?: string; name?: string; checksum?: string },
): Promise<Planned> {
  const { file: path = '', checksum, node, storage } = input;
  const filename = storedFilename(input.name ?? path);
  const content = contentOf(filename);
  if (content === undefined) {
    const next = `Say how it is to be called: “as NAME.iso”. ${namesKept}`;
    return refused({
      input: 'name',
      reason: 'not_acceptable',
      why: `“${filename}” does not tell what kind of file it is.`,
      next,
    });
  }
  const wrong = wrongSum(checksum);
  if (wrong.length > 0) return refused(...wrong);
  const to = await fetchingNode(planning, node, storage);
  if ('why' in to) return refused(to);
  const found = await fileNow(planning, path, checksum);
  if ('why' in found) return refused(found);
  const { file, called } = found;
  const at = await placeFor(planning, { node: to.place.node, content, named: storage, bytes: file.bytes });
  if ('refusals' in at) return refused(...at.refusals);
  const { storage: on, shared } = at.storage;
  const wanted: Wanted = {
    node: to.place.node,
    storage: on,
    volid: `${on}:${content}/${filename}`,
    says: `Upload ${filename} to ${on}`,
  };
  const there = await thereAlready(planning, wanted);
  if (there.length > 0) return refused(...there);
  const place = shared ? on : `${on} of ${wanted.node}`;
  const size = sizeText(file.bytes);
  return piece({
    says: `Upload ${filename} to ${place}`,
    steps: [stepFor(wanted, content, filename, file)],
    assumptions: [
      `${called}: ${size}, SHA-256 ${file.sha256}`,
      ...to.assumptions,
      ...at.assumptions,
      ...(input.name === undefined ? [`Name ${filename}: kept among the ${contentText(content)}`] : []),
    ],
    warnings:
      file.bytes < LARGE
        ? []
        : [`It passes through /var/tmp of the node that this is connected to, which needs ${size} for it.`],
    changes: [{ about: place, key: `${content}/${filename}`, before: null, after: size }],
  });
}

export const uploadFile = action({
  id: 'storage.upload',
  verb: 'upload',
  risk: 'change',
  say: [
    'upload [local] [file|iso|iso file|iso image|image|template|container template|disk image] {file} {*}',
    '(copy|send|put|push) local [file|iso|image|template] {file} (to|on|onto|into) [storage] {storage} {*}',
  ],
  input: {
    file: { kind: 'path', say: [], ask: 'Which file of this computer? Give its path.' },
    ...where,
    name: { kind: 'name', say: ['(as|named|called|with name) {}'] },
    checksum: checksumInput,
  },
  plan: (planning, { input }) => plan(planning, input),
  examples: [
    {
      say: 'upload ./talos.iso to local on pve-node02',
      sends: ['POST /nodes/pve-node02/storage/local/upload content=iso filename=talos.iso checksum-algorithm=sha256'],
    },
    {
      say: 'upload ~/images/router.qcow2.img to nfs-backup as router.iso',
      sends: ['POST /nodes/pve-node01/storage/nfs-backup/upload content=iso filename=router.iso'],
    },
    { say: 'upload ./talos.iso to local-zfs', sends: 'clarification' },
    { say: 'upload ./virtio-win-0.1.285.iso to nfs-backup', sends: 'clarification' },
    { say: 'upload ./nothing.iso to local', sends: 'clarification' },
    { say: 'upload ./notes.txt to local', sends: 'clarification' },
    { say: `upload ./talos.iso to local with sha256 ${'0'.repeat(64)}`, sends: 'clarification' },
  ],
});
