import {
  action,
  call,
  CannotPlan,
  type Given,
  listedFact,
  needed,
  nodeRefusals,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  refused,
} from '../kit/index.ts';
import { archiveFact, type ArchiveNow, fileOf } from '../backups/archives-now.ts';
import { idFor } from '../creation/placement.ts';
import { dnsName } from '../guest-config/identity.ts';
import { chooseArchive, readable, typeOf, whichInput } from './choose.ts';
import { type Place, placeOf } from './place.ts';

const input = {
  ...whichInput,
  guest: { kind: 'guest', say: [] },
  was: { kind: 'vmid', say: [] },
  vmid: {
    kind: 'vmid',
    say: ['(as|to|into|with) [new] (id|vmid|vm|ct|container|guest) {}', '(as|to) {}', '(id|vmid) {}'],
  },
  name: { kind: 'name', say: ['(called|named|with name|with the name) {}', 'as {}'] },
  node: { kind: 'node', say: ['(on|onto|to) [node] {}'] },
  storage: { kind: 'storage', say: ['(to|onto|into) [storage] {}', 'with [its] disks on {}', 'on storage {}'] },
  start: { kind: 'flag', say: ['(and|then) start it [afterwards]', 'and start', 'and boot it'] },
} as const;

type Told = Given<typeof input>;

/** The guest that the backup is of: one that there is, or the number of one that is gone. */
async function originOf(
  planning: Planning,
  { guest, was }: Told,
): Promise<{ vmid: number | undefined; title: string; node: string | undefined }> {
  if (guest === undefined && was === undefined) return { vmid: undefined, title: 'that name', node: undefined };
  if (guest === undefined) return { vmid: was, title: `guest ${was ?? ''}`, node: undefined };
  const { vmid, title, node } = await planning.guest(guest);
  return { vmid, title, node };
}

/** Whether the guest that an archive was made of is still there: its MAC addresses are then in use. */
async function isThere(planning: Planning, vmid: number | undefined): Promise<boolean> {
  const rows = needed(await planning.list('/cluster/resources', { type: 'vm' }), 'The list of guests');
  return rows.some(({ data }) => Number(data['vmid']) === vmid);
}

/** The node named, that of the guest where it reaches the archive, or the one that the archive lies on. */
async function nodeFor(
  planning: Planning,
  archive: ArchiveNow,
  said: string | undefined,
  own: string | undefined,
): Promise<string> {
  if (said !== undefined) {
    if ((await readable(planning, said, [archive])).length > 0) return said;
    const next = `It can be restored on ${archive.node}; migrate it from there.`;
    throw new CannotPlan({
      why: `${said} cannot read ${archive.storage} of ${archive.node}.`,
      next,
      input: 'node',
      reason: 'not_acceptable',
    });
  }
  if (own !== undefined && (await readable(planning, own, [archive])).length > 0) return own;
  return archive.node;
}

interface Made {
  readonly vmid: number;
  readonly node: string;
  readonly type: 'qemu' | 'lxc';
  readonly title: string;
}

function restoreStep(
  made: Made,
  archive: ArchiveNow,
  of: { place: Place; unique: boolean; name: string | undefined },
): PieceStep {
  const { vmid, node, type, title } = made;
  const { place, unique, name } = of;
  const more = {
    ...(place.storage === undefined ? {} : { storage: place.storage }),
    ...(unique ? { unique: true } : {}),
  };
  const says = `Restore ${fileOf(archive)} as ${title} on ${node}`;
  const step =
    type === 'qemu'
      ? call(
          'POST',
          '/nodes/{node}/qemu',
          { node, vmid, archive: archive.volid, ...more, ...(name === undefined ? {} : { name }) },
          says,
        )
      : call(
          'POST',
          '/nodes/{node}/lxc',
          {
            node,
            vmid,
            ostemplate: archive.volid,
            restore: true,
            ...more,
            ...(name === undefined ? {} : { hostname: name }),
          },
          says,
        );
  return {
    ...step,
    node,
    tasks: [{ type: type === 'qemu' ? 'qmrestore' : 'vzrestore', id: String(vmid) }],
    limitSeconds: 24 * 3_600,
    relies: [listedFact(made, 'vmid', null), archiveFact(archive, 'volid', archive.volid)],
    expects: [
      listedFact(made, 'node', node),
      listedFact(made, 'lock', null),
      ...(name === undefined ? [] : [listedFact(made, 'name', name)]),
    ],
  };
}

function startStep(made: Made): PieceStep {
  const { vmid, node, type, title } = made;
  const step =
    type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/status/start', { node, vmid }, `Start ${title}`)
      : call('POST', '/nodes/{node}/lxc/{vmid}/status/start', { node, vmid }, `Start ${title}`);
  return {
    ...step,
    node,
    tasks: [{ type: type === 'qemu' ? 'qmstart' : 'vzstart', id: String(vmid) }],
    limitSeconds: 600,
    relies: [listedFact(made, 'node', node)],
    expects: [listedFact(made, 'status', 'running')],
  };
}

const things = '[new|another|separate] [vm|guest|container|ct|machine|copy]';
const backup = '(backup|archive|backups)';

export const restoreNew = action({
  id: 'backup.restore_new',
  verb: 'restore a backup as a new guest',
  risk: 'change',
  say: [
    ...['{guest}', '{was}'].flatMap((of) => [
      `(restore|recover|unpack) {which} ${backup} (of|from|for) ${of} as ${things} {vmid} {*}`,
      `(restore|recover|unpack) ${backup} (of|from|for) ${of} as ${things} {vmid} {*}`,
      `(restore|recover|unpack) ${of} as ${things} {vmid} {*}`,
      `(restore|recover|unpack) ${of} from [its|the] {which} ${backup} as ${things} {vmid} {*}`,
      `(restore|recover|unpack) ${of} from [its|the|a] ${backup} as ${things} {vmid} {*}`,
      `(restore|recover|unpack) {which} ${backup} (of|from|for) ${of} (as|to|into) (new|another|separate) (vm|guest|container|ct|machine) {*}`,
      `(restore|recover|unpack) ${backup} (of|from|for) ${of} (as|to|into) (new|another|separate) (vm|guest|container|ct|machine) {*}`,
      `(restore|recover|unpack) ${of} (as|to|into) (new|another|separate) (vm|guest|container|ct|machine) {*}`,
    ]),
    // A guest that is gone is put back under its own number.
    `(restore|recover) {which} ${backup} (of|from|for) {was} {*}`,
    `(restore|recover|bring back) [deleted] {was} [from backup] {*}`,
    `(restore|recover|unpack) ${backup} {archive} as ${things} {vmid} {*}`,
    `(restore|recover|unpack) ${backup} {archive} {*}`,
  ],
  input,
  async plan(planning, { input: told }): Promise<Planned> {
    const origin = await originOf(planning, told);
    const wrong = told.node === undefined ? [] : await nodeRefusals(planning, told.node);
    if (wrong.length > 0) return refused(...wrong);
    const chosen = await chooseArchive(planning, { ...origin, node: told.node }, told);
    if ('kind' in chosen) return chosen;
    const { archive } = chosen;
    const type = typeOf(archive);
    if (type === undefined)
      return refused({
        why: `What kind of guest ${fileOf(archive)} holds cannot be told.`,
        next: 'Restore it on its node.',
      });
    if (told.name !== undefined && !dnsName.test(told.name))
      return refused({
        why: `“${told.name}” is no name that Proxmox takes.`,
        next: 'Choose another.',
        input: 'name',
        reason: 'not_acceptable',
      });
    const node = await nodeFor(planning, archive, told.node, origin.node);
    const remains = await isThere(planning, archive.vmid);
    const id = await idFor(planning, { vmid: told.vmid ?? (remains ? undefined : archive.vmid) });
    if ('refusals' in id) return refused(...id.refusals);
    const place = await placeOf(planning, { archive, node, type, named: told.storage });
    if ('refusals' in place) return refused(...place.refusals);
    const title = `${type === 'qemu' ? 'VM' : 'Container'} ${id.vmid}${told.name === undefined ? '' : ` ${told.name}`}`;
    const made = { vmid: id.vmid, node, type, title };
    const step = restoreStep(made, archive, { place, unique: remains, name: told.name });
    return piece({
      says: step.says,
      steps: told.start === true ? [step, startStep(made)] : [step],
      assumptions: [
        ...chosen.assumptions,
        ...id.assumptions,
        ...(told.node === undefined ? [`Node ${node}`] : []),
        ...place.assumptions,
        remains
          ? 'New MAC addresses: the guest that it was made of is still there'
          : 'The MAC addresses of the backup: its guest is gone',
        ...(told.start === true ? [] : ['It is not started: “and start it” does that, too']),
      ],
      warnings: remains
        ? [`Inside, it is the same as ${place.name ?? 'the original'}: addresses that are set there would clash.`]
        : [],
      changes: [{ about: title, key: 'guest', before: null, after: `as of ${fileOf(archive)}` }],
    });
  },
  examples: [
    {
      say: 'restore the latest backup of monitoring-stack as 150',
      sends: ['POST /nodes/pve-node01/qemu vmid=150 unique=1'],
    },
    {
      say: 'restore the backup of nginx-proxy as a new container',
      sends: ['POST /nodes/pve-node01/lxc vmid=106 restore=1 unique=1 storage=local-zfs'],
    },
    { say: 'restore the latest backup of monitoring-stack as 101', sends: 'clarification' },
    { say: 'restore the latest backup of build-agent as 150', sends: 'clarification' },
  ],
});
