import type { Fact } from '@pxa/contract';
import {
  action,
  call,
  type GuestNow,
  locked,
  piece,
  type PieceStep,
  type Planned,
  type Refusal,
  refused,
  sameConfig,
  sizeText,
  statusFact,
} from '../kit/index.ts';
import { archiveFact, type ArchiveNow, fileOf, takenText } from '../backups/archives-now.ts';
import { disksOf } from '../guest-disks/disks.ts';
import { snapshotNames } from '../guest-disks/in-snapshots.ts';
import { chooseArchive, typeOf, whichInput } from './choose.ts';
import { type Place, placeOf } from './place.ts';

/** What keeps Proxmox from restoring over a guest (qemu-server Qemu.pm and pve-container LXC.pm, restore with force). */
function inTheWay(guest: GuestNow): Refusal[] {
  const found = [...locked(guest)];
  const { title, vmid } = guest;
  const asNew = `restore ${vmid} as a new guest`;
  if (guest.status !== 'stopped') {
    const say = `shut down ${vmid}`;
    const next = `Shut it down first: “${say}”; or leave it as it is: “${asNew}”.`;
    found.push({ why: `${title} is running: it has to be stopped before a backup can replace it.`, next, say });
  }
  if (Number(guest.config['protection']) === 1) {
    const say = `turn off protection for ${vmid}`;
    found.push({
      why: `${title} is protected.`,
      next: `Take the protection away first (“${say}”), or “${asNew}”.`,
      say,
    });
  }
  if (guest.isTemplate)
    found.push({ why: `${title} is a template.`, next: `Restore it beside it: “${asNew}”.`, say: asNew });
  return found;
}

/** That a restore of it ended well since the plan was made: nothing in the guest itself tells it from the one before. */
function restoredFact(guest: GuestNow, type: string, since: number): Fact {
  return {
    about: `restore of ${guest.title}`,
    read: { path: `/nodes/${guest.node}/tasks`, params: { typefilter: type, vmid: guest.vmid, since } },
    at: [`[id=${guest.vmid}]`, 'status'],
    is: 'OK',
  };
}

function restoreStep(guest: GuestNow, archive: ArchiveNow, place: Place, since: number): PieceStep {
  const { node, vmid } = guest;
  const more = { force: true, ...(place.storage === undefined ? {} : { storage: place.storage }) };
  const says = `Restore ${fileOf(archive)} over ${guest.title}`;
  const step =
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu', { node, vmid, archive: archive.volid, ...more }, says)
      : call('POST', '/nodes/{node}/lxc', { node, vmid, ostemplate: archive.volid, restore: true, ...more }, says);
  const type = guest.type === 'qemu' ? 'qmrestore' : 'vzrestore';
  return {
    ...step,
    node,
    tasks: [{ type, id: String(vmid) }],
    limitSeconds: 24 * 3_600,
    relies: [
      sameConfig(guest),
      statusFact(guest, 'status', 'stopped'),
      statusFact(guest, 'lock', guest.lock ?? null),
      archiveFact(archive, 'volid', archive.volid),
    ],
    expects: [restoredFact(guest, type, since), statusFact(guest, 'lock', null)],
  };
}

function startStep(guest: GuestNow): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid };
  const says = `Start ${guest.title}`;
  const step =
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/status/start', at, says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/status/start', at, says);
  return {
    ...step,
    node: guest.node,
    tasks: [{ type: guest.type === 'qemu' ? 'qmstart' : 'vzstart', id: String(guest.vmid) }],
    limitSeconds: 600,
    expects: [statusFact(guest, 'status', 'running')],
  };
}

const backup = '(backup|archive|backups)';

export const restoreOver = action({
  id: 'backup.restore',
  verb: 'restore',
  risk: 'destructive',
  on: { dataset: 'guests' },
  say: [
    `(restore|recover|reset|revert) {on} (from|to|with) [its|the|a] {which} ${backup} {*}`,
    `(restore|recover|reset|revert) {on} (from|to|with) [its|the|a] {which} {*}`,
    `(restore|recover|reset|revert) {on} (from|to|with) [its|the|a] ${backup} {*}`,
    `(restore|recover) {which} ${backup} (of|for) {on} {*}`,
    `(restore|recover) ${backup} (of|for) {on} {*}`,
    '(restore|recover) {on} {*}',
    `overwrite {on} with [its|the] {which} ${backup} {*}`,
  ],
  input: {
    ...whichInput,
    storage: { kind: 'storage', say: ['(to|onto|into) [storage] {}', 'with [its] disks on {}'] },
    start: { kind: 'flag', say: ['(and|then) start it [afterwards]', 'and start', 'and boot it'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const wrong = inTheWay(guest);
    if (wrong.length > 0) return refused(...wrong);
    const chosen = await chooseArchive(planning, guest, input);
    if ('kind' in chosen) return chosen;
    const { archive } = chosen;
    if (typeOf(archive) !== guest.type)
      return refused({
        why: `${fileOf(archive)} holds a guest of another kind than ${guest.title}.`,
        next: 'Name another.',
      });
    const place = await placeOf(planning, { archive, node: guest.node, type: guest.type, named: input.storage });
    if ('refusals' in place) return refused(...place.refusals);
    const step = restoreStep(guest, archive, place, planning.now);
    const snapshots = await snapshotNames(planning, guest);
    return piece({
      says: step.says,
      steps: input.start === true ? [step, startStep(guest)] : [step],
      assumptions: [...chosen.assumptions, ...place.assumptions],
      warnings: [
        ...(archive.vmid === guest.vmid
          ? []
          : [`The backup is of guest ${archive.vmid ?? '?'}, not of ${guest.title}.`]),
        ...(input.start === true ? [] : [`${guest.title} stays stopped: “and start it” starts it afterwards.`]),
      ],
      loses: [
        `everything that ${guest.title} wrote since ${takenText(archive)}, and the settings changed since`,
        ...disksOf(guest).map(
          ({ key, volume, size }) =>
            `${key} of ${guest.title} as it is now: ${volume}${size === undefined ? '' : `, ${sizeText(size)}`}`,
        ),
        ...(snapshots.length === 0 ? [] : [`its snapshots: ${snapshots.join(', ')}`]),
      ],
      changes: [{ about: guest.title, key: 'state', before: 'now', after: `as of ${takenText(archive)}` }],
      confirm: guest.name === '' ? String(guest.vmid) : guest.name,
    });
  },
  examples: [
    {
      say: 'restore dev-sandbox from its latest backup',
      sends: ['POST /nodes/pve-node02/lxc vmid=203 restore=1 force=1 storage=local-zfs'],
    },
    { say: 'restore docker-host-01 from last night’s backup', sends: 'clarification' },
    { say: 'restore build-agent from backup', sends: 'clarification' },
    { say: 'restore dev-sandbox from the backup of 2020-01-01', sends: 'clarification' },
  ],
});
