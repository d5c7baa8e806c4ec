import { urlDecoded } from '@pxa/pve/percent';
import { asText } from '@pxa/pve/values';
import {
  action,
  call,
  needed,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
} from '../kit/index.ts';
import { placeFor } from '../guest-disks/disks.ts';
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

function downloadStep(step: Omit<PieceStep, 'node'>, of: Wanted, taskId: string, type: string): PieceStep {
  return {
    ...step,
    node: of.node,
    tasks: [{ type, id: taskId }],
    limitSeconds: 6 * 3_600,
    relies: [volumeFact(of, of.volid, null)],
    expects: [volumeFact(of, of.volid, of.volid)],
  };
}

export const downloadUrl = action({
  id: 'storage.download',
  verb: 'download',
  risk: 'change',
  say: [
    '(download|fetch|get|pull) [iso|image|file|template|cloud image] [from] {url} {*}',
    '(download|fetch) (iso|image|file|template) {*} from {url} {*}',
  ],
  input: {
    url: { kind: 'url', say: [] },
    ...where,
    name: { kind: 'name', say: ['(as|named|called|with name) {}'] },
    checksum: checksumInput,
  },
  async plan(planning, { input }): Promise<Planned> {
    const { url = '', checksum, node, storage } = input;
    const filename = (input.name ?? urlDecoded(new URL(url).pathname.replace(/^.*\//, ''))).replace(/[^\w.-]/g, '_');
    const content = contentOf(filename);
    const algorithm = checksum === undefined ? undefined : algorithmOf(checksum);
    const wrong = [...wrongForm(url, filename, content), ...wrongSum(checksum)];
    if (content === undefined || wrong.length > 0) return refused(...wrong);
    const by = await fetchingNode(planning, node, storage);
    if ('why' in by) return refused(by);
    const at = await placeFor(planning, { node: by.place.node, content, named: storage, bytes: 0 });
    if ('refusals' in at) return refused(...at.refusals);
    const to = at.storage.storage;
    const wanted = {
      node: by.place.node,
      storage: to,
      volid: `${to}:${content}/${filename}`,
      says: `Download ${filename} to ${to}`,
    };
    const there = await thereAlready(planning, wanted);
    if (there.length > 0) return refused(...there);
    const step = call(
      'POST',
      '/nodes/{node}/storage/{storage}/download-url',
      {
        node: wanted.node,
        storage: to,
        content,
        filename,
        url,
        ...(checksum === undefined || algorithm === undefined ? {} : { checksum, 'checksum-algorithm': algorithm }),
      },
      wanted.says,
    );
    return piece({
      says: `${wanted.says} of ${wanted.node}`,
      steps: [downloadStep(step, wanted, filename.replaceAll(':', '%3A'), 'download')],
      assumptions: [
        ...by.assumptions,
        ...at.assumptions,
        ...(input.name === undefined
          ? [`Name ${filename}: that of the address; kept among the ${contentText(content)}`]
          : []),
      ],
      warnings: [
        ...(checksum === undefined
          ? ['Without a checksum, nobody sees whether it is the file that was meant: say “with sha256 …”.']
          : []),
        ...(url.startsWith('http:') && checksum === undefined
          ? ['It is fetched without encryption: who stands between could change it.']
          : []),
      ],
      changes: [{ about: `${to} of ${wanted.node}`, key: `${content}/${filename}`, before: null, after: url }],
    });
  },
  examples: [
    {
      say: 'download https://cloud.example.org/debian-13-generic-amd64.iso to local on pve-node02',
      sends: [
        'POST /nodes/pve-node02/storage/local/download-url content=iso filename=debian-13-generic-amd64.iso url=https://cloud.example.org/debian-13-generic-amd64.iso',
      ],
    },
    {
      say: 'download https://images.example.org/talos.iso to nfs-backup as talos-1.9.iso with sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      sends: [
        'POST /nodes/pve-node01/storage/nfs-backup/download-url content=iso filename=talos-1.9.iso checksum-algorithm=sha256',
      ],
    },
    { say: 'download https://images.example.org/talos.iso to local-zfs', sends: 'clarification' },
    { say: 'download https://images.example.org/index.html to local', sends: 'clarification' },
    { say: 'download https://example.org/virtio-win-0.1.285.iso to nfs-backup', sends: 'clarification' },
  ],
});

function wrongForm(url: string, filename: string, content: Content | undefined): Refusal[] {
  if (!/^https?:/i.test(url))
    return [
      {
        input: 'url',
        reason: 'not_acceptable',
        why: `Proxmox downloads by https and http alone; ${url} is neither.`,
        next: 'Give another address.',
      },
    ];
  if (content !== undefined) return [];
  const next = `Say how it is to be called: “as NAME.iso”. ${namesKept}`;
  return [
    { input: 'name', reason: 'not_acceptable', why: `“${filename}” does not tell what kind of file it is.`, next },
  ];
}

/** The newest of a list of names by the numbers in them. */
const byVersion = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** The templates that Proxmox offers whose name or package begins with what was said. */
async function offered(planning: Planning, node: string, said: string): Promise<{ fit: string[]; all: string[] }> {
  const list = needed(await planning.list('/nodes/{node}/aplinfo', { node }), 'The templates that Proxmox offers');
  const names = (rec: (typeof list)[number]): string[] => [
    asText(rec.data['template']) ?? '',
    asText(rec.data['package']) ?? '',
  ];
  const wanted = said.toLowerCase().replace(/^system\//, '');
  const all = list.map((rec) => names(rec)[0] ?? '').toSorted(byVersion);
  const exact = all.filter((name) => name === wanted);
  const fit =
    exact.length > 0
      ? exact
      : list
          .filter((rec) => names(rec).some((name) => name.toLowerCase().startsWith(wanted)))
          .map((rec) => names(rec)[0] ?? '');
  return { fit: fit.toSorted(byVersion), all };
}

/** Which package a template is of: its name up to the version. */
const packageOf = (template: string): string => template.replace(/_.*$/, '');

export const downloadTemplate = action({
  id: 'storage.download_template',
  verb: 'download the container template',
  risk: 'change',
  say: [
    '(download|fetch|get|pull) (template|container template|ct template|lxc template|appliance|os template) {template} {*}',
    '(download|fetch|get|pull) {template} (template|container template|ct template|lxc template) {*}',
  ],
  input: { template: { kind: 'word', say: [] }, ...where },
  async plan(planning, { input }): Promise<Planned> {
    const { template: said = '', node, storage } = input;
    const by = await fetchingNode(planning, node, storage);
    if ('why' in by) return refused(by);
    const { fit, all } = await offered(planning, by.place.node, said);
    const packages = [...new Set(fit.map(packageOf))];
    const template = fit.at(-1);
    if (template === undefined) {
      const more = all.length > 12 ? `, and ${all.length - 12} more` : '';
      return refused({
        input: 'template',
        reason: 'not_found',
        why: `Proxmox offers no template ${said}.`,
        next: `It offers: ${all.slice(0, 12).join(', ') || 'none, until “pveam update” has run on the node'}${more}.`,
      });
    }
    if (packages.length > 1) {
      return {
        kind: 'ask',
        input: 'template',
        reason: 'ambiguous',
        question: `Several templates begin with ${said}. Which one?`,
        options: packages.map((each) => ({
          label: each,
          say: `download template ${fit.findLast((name) => packageOf(name) === each) ?? each}${storage === undefined ? '' : ` to ${storage}`}`,
        })),
      };
    }
    const at = await placeFor(planning, { node: by.place.node, content: 'vztmpl', named: storage, bytes: 0 });
    if ('refusals' in at) return refused(...at.refusals);
    const to = at.storage.storage;
    const wanted = {
      node: by.place.node,
      storage: to,
      volid: `${to}:vztmpl/${template}`,
      says: `Download template ${template} to ${to}`,
    };
    const there = await thereAlready(planning, wanted);
    if (there.length > 0) return refused(...there);
    const step = call('POST', '/nodes/{node}/aplinfo', { node: wanted.node, storage: to, template }, wanted.says);
    return piece({
      says: `${wanted.says} of ${wanted.node}`,
      steps: [downloadStep(step, wanted, template, 'download')],
      assumptions: [
        ...by.assumptions,
        ...at.assumptions,
        ...(template === said ? [] : [`Template ${template}: the newest that Proxmox offers`]),
      ],
      changes: [{ about: `${to} of ${wanted.node}`, key: `vztmpl/${template}`, before: null, after: 'there' }],
    });
  },
  examples: [
    {
      say: 'download template debian-13 to local on pve-node02',
      sends: ['POST /nodes/pve-node02/aplinfo storage=local template=debian-13-standard_13.1-2_amd64.tar.zst'],
    },
    { say: 'download template beos to local', sends: 'clarification' },
    { say: 'download the template debian-12 to local', sends: 'clarification' },
  ],
});
