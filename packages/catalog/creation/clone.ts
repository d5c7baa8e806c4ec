import { asNumber, asObject } from '@pxa/pve/values';
import {
  about,
  action,
  call,
  type GuestNow,
  listedFact,
  locked,
  nodeRefusals,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sameConfig,
} from '../kit/index.ts';
import { disksOf, placeFor, storagesOf } from '../guest-disks/disks.ts';
import { snapshotNames } from '../guest-disks/in-snapshots.ts';
import { dnsName } from '../guest-config/identity.ts';
import { idFor } from './placement.ts';
import { namesakes, takenName } from '../guests/namesakes.ts';
import { beside } from './words.ts';

/** How it is to be copied: whole or grown from its base, as it is now or as a snapshot has it. */
interface How {
  readonly full: boolean;
  readonly snapshot: string | undefined;
}

/** Proxmox's own word on whether its storages can copy it so. */
async function hasFeature(planning: Planning, guest: GuestNow, { full, snapshot }: How): Promise<boolean> {
  const feature = full ? ('copy' as const) : ('clone' as const);
  const at = { node: guest.node, vmid: guest.vmid, feature, ...(snapshot === undefined ? {} : { snapname: snapshot }) };
  const got =
    guest.type === 'qemu'
      ? await planning.read('/nodes/{node}/qemu/{vmid}/feature', at)
      : await planning.read('/nodes/{node}/lxc/{vmid}/feature', at);
  return !got.ok || asNumber(asObject(got.data)?.['hasFeature']) === 1;
}

async function snapshotRefusals(planning: Planning, guest: GuestNow, how: How): Promise<Refusal[]> {
  const names = await snapshotNames(planning, guest);
  const { snapshot = '' } = how;
  if (!names.includes(snapshot)) {
    const next = names.length === 0 ? 'It has none: leave the snapshot out.' : `It has ${names.join(', ')}.`;
    return about('snapshot', [{ why: `${guest.title} has no snapshot ${snapshot}.`, next, reason: 'not_found' }]);
  }
  if (!how.full)
    return about('kind', [{ why: 'Only full clones are made of a snapshot.', next: 'Leave “linked” out.' }]);
  if (await hasFeature(planning, guest, how)) return [];
  const say = `clone ${guest.vmid}`;
  const why = `The storage of ${guest.title} copies no snapshot (ZFS does not): only its state of now.`;
  return about('snapshot', [{ why, next: `Clone it as it is now: “${say}”.`, say, reason: 'not_acceptable' }]);
}

async function copyRefusals(planning: Planning, guest: GuestNow, how: How): Promise<Refusal[]> {
  const { title, vmid } = guest;
  if (how.snapshot !== undefined) return snapshotRefusals(planning, guest, how);
  if (how.full && guest.type === 'lxc' && guest.status !== 'stopped') {
    const say = `shut down ${vmid}`;
    const why = `${title} is running: a container can only be cloned while it is stopped, or from a snapshot.`;
    return [{ why, next: `Shut it down first: “${say}”.`, say }];
  }
  if (how.full) return [];
  if (!guest.isTemplate) {
    const say = `clone ${vmid}`;
    const why = `${title} is no template: only templates can be cloned linked.`;
    return about('kind', [{ why, next: `Make a full clone: “${say}”.`, say }]);
  }
  if (await hasFeature(planning, guest, how)) return [];
  const why = `The storage of ${title} has no linked clones.`;
  return about('kind', [{ why, next: `Make a full clone: “clone ${vmid} full”.` }]);
}

/** Proxmox copies to another node by way of storages that both reach alone (Qemu.pm and LXC.pm, clone_vm). */
async function elsewhereRefusals(planning: Planning, guest: GuestNow, to: string | undefined): Promise<Refusal[]> {
  if (to === undefined || to === guest.node) return [];
  const wrong = await nodeRefusals(planning, to, 'to');
  if (wrong.length > 0) return wrong;
  const shared = (await storagesOf(planning, guest.node)).filter((each) => each.shared).map(({ storage }) => storage);
  const local = disksOf(guest).filter(({ volume }) => !shared.includes(volume.split(':')[0] ?? ''));
  const [first] = local;
  if (first === undefined) return [];
  const say = `clone ${guest.vmid} full`;
  const why = `${guest.title} has ${first.key} on ${first.volume.split(':')[0] ?? ''}, which ${guest.node} alone reaches: Proxmox clones it to no other node.`;
  return about('to', [
    {
      why,
      next: `Clone it on ${guest.node} (“${say}”), then migrate the clone to ${to}.`,
      say,
      reason: 'not_acceptable',
    },
  ]);
}

/** A linked clone lies where its base does (Qemu.pm and LXC.pm, clone_vm: "storage" is for full clones alone). */
function linkedRefusals({ vmid }: GuestNow, { kind, storage }: { kind?: string; storage?: string }): Refusal[] {
  if (kind !== 'linked' || storage === undefined) return [];
  const say = `clone ${vmid} full`;
  const why = `A linked clone shares the disks of its template: it cannot lie on ${storage} by itself.`;
  const next = `Leave the storage out, or make a full clone: “${say}”.`;
  return about('storage', [{ why, next, say, reason: 'not_acceptable' }]);
}

export const clone = action({
  id: 'guest.clone',
  verb: 'clone',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '[full|linked] (clone|copy|duplicate) {on} {*}',
    '(make|create) [a|another|full|linked] (clone|copy|duplicate) (of|from) {on} {*}',
    '{kind} (clone|copy) [of] {on} {*}',
    '(create|make|deploy|spin up) {*} (vm|virtual machine|container|ct|guest) (from|based on) [template] {on} {*}',
  ],
  input: {
    name: { kind: 'name', say: ['(as|to|called|named|into|with name|with the name) {}'] },
    to: { kind: 'node', say: ['(on|to|onto) [node] {}'] },
    storage: { kind: 'storage', say: ['(on|to|onto|in) [storage] {}'] },
    vmid: { kind: 'vmid', say: ['(as|to|with) (id|vmid|vm|ct) {}', '(id|vmid) {}'] },
    snapshot: { kind: 'word', say: ['(from|of|at) [its|the] snapshot {}', 'as of snapshot {}'] },
    kind: { kind: 'choice', say: ['{}', 'as {}'], values: { full: 'full|full clone', linked: 'linked|linked clone' } },
    unique: beside.unique,
    avoid: beside.avoid,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const full = input.kind === undefined ? !guest.isTemplate || input.storage !== undefined : input.kind === 'full';
    const how = { full, snapshot: input.snapshot };
    const wrong = [
      ...locked(guest),
      ...(await copyRefusals(planning, guest, how)),
      ...linkedRefusals(guest, input),
      ...(await elsewhereRefusals(planning, guest, input.to)),
    ];
    if (input.name !== undefined && !dnsName.test(input.name))
      wrong.push({
        why: `“${input.name}” is no name that Proxmox takes.`,
        next: 'Choose another.',
        input: 'name',
        reason: 'not_acceptable',
      });
    wrong.push(...(await takenName(planning, input)));
    if (wrong.length > 0) return refused(...wrong);
    const id = await idFor(planning, input);
    if ('refusals' in id) return refused(...id.refusals);
    const bytes = full ? disksOf(guest).reduce((sum, { size = 0 }) => sum + size, 0) : 0;
    const place =
      input.storage === undefined
        ? undefined
        : await placeFor(planning, {
            node: input.to ?? guest.node,
            content: guest.type === 'qemu' ? 'images' : 'rootdir',
            named: input.storage,
            bytes,
          });
    if (place !== undefined && 'refusals' in place) return refused(...place.refusals);
    const step = stepOf(guest, id.vmid, how, input);
    return piece({
      says: step.says,
      steps: [step],
      assumptions: [
        ...id.assumptions,
        ...(input.kind === undefined
          ? [
              full
                ? 'A full clone: it does not depend on the original'
                : 'A linked clone: it shares the disks of its template',
            ]
          : []),
      ],
      warnings: [
        ...(await namesakes(planning, input.name)),
        ...(guest.type === 'qemu' && guest.status === 'running' && input.snapshot === undefined
          ? [`${guest.title} is running: the copy holds what its disks hold at that moment.`]
          : []),
      ],
      changes: [{ about: `${id.vmid}`, key: 'guest', before: null, after: `copy of ${guest.title}` }],
    });
  },
  examples: [
    {
      say: 'clone build-agent as build-agent-02',
      sends: ['POST /nodes/pve-node02/qemu/104/clone newid=106 name=build-agent-02'],
    },
    {
      say: 'clone the container dev-sandbox as copy-ct-1',
      sends: ['POST /nodes/pve-node02/lxc/203/clone newid=106 hostname=copy-ct-1'],
    },
    {
      say: 'full clone of debian-12-cloud as web-10',
      sends: ['POST /nodes/pve-node01/qemu/9001/clone newid=106 full=1 name=web-10'],
    },
    { say: 'clone nginx-proxy', sends: 'clarification' },
    { say: 'clone app-server-prod from snapshot nightly', sends: 'clarification' },
  ],
});

interface Told {
  name?: string;
  to?: string;
  storage?: string;
}

function stepOf(guest: GuestNow, vmid: number, { full, snapshot }: How, { name, to, storage }: Told): PieceStep {
  const target = to === undefined || to === guest.node ? {} : { target: to };
  const at = {
    node: guest.node,
    vmid: guest.vmid,
    newid: vmid,
    full,
    ...target,
    ...(storage === undefined ? {} : { storage }),
    ...(snapshot === undefined ? {} : { snapname: snapshot }),
  };
  const says = `${full ? 'Copy' : 'Clone'} ${guest.title} to ${vmid}${name === undefined ? '' : ` ${name}`}`;
  const step =
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/clone', { ...at, ...(name === undefined ? {} : { name }) }, says)
      : call(
          'POST',
          '/nodes/{node}/lxc/{vmid}/clone',
          { ...at, ...(name === undefined ? {} : { hostname: name }) },
          says,
        );
  const made = { vmid, title: `Guest ${vmid}` };
  return {
    ...step,
    node: guest.node,
    // The task bears the id of the original (BEHAVIOUR 6).
    tasks: [{ type: guest.type === 'qemu' ? 'qmclone' : 'vzclone', id: String(guest.vmid) }],
    limitSeconds: 24 * 3_600,
    relies: [sameConfig(guest), listedFact(made, 'vmid', null)],
    expects: [
      listedFact(made, 'node', to ?? guest.node),
      ...(name === undefined ? [] : [listedFact(made, 'name', name)]),
    ],
  };
}
