import {
  action,
  call,
  type GuestNow,
  listedFact,
  lockedButSuspended,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sameConfig,
  statusFact,
} from '../kit/index.ts';
import { protectedOnes } from '../backups/archive-words.ts';
import { archivesNow } from '../backups/archives-now.ts';
import { deleteStep as deleteArchiveStep, textOf as archiveText } from '../backups/delete-archive.ts';
import { disksOf } from '../guest-disks/disks.ts';

/** What keeps Proxmox from deleting a guest (qemu-server Qemu.pm and pve-container LXC.pm, destroy_vm). */
async function inTheWay(planning: Planning, guest: GuestNow, purge: boolean): Promise<Refusal[]> {
  const found = [...lockedButSuspended(guest)];
  const { title, vmid } = guest;
  if (Number(guest.config['protection']) === 1) {
    const say = `turn off protection for ${vmid}`;
    found.push({
      why: `${title} is protected against deletion.`,
      next: `Take the protection away first: “${say}”.`,
      say,
    });
  }
  if (guest.ha !== undefined && !purge) {
    const say = `delete ${vmid} and purge it from all jobs`;
    found.push({ why: `${title} is managed by HA.`, next: `Take it out of HA first, or say “${say}”.`, say });
  }
  const jobs = await planning.list('/cluster/replication', {});
  if (jobs.ok && jobs.data.some(({ data }) => Number(data['guest']) === vmid)) {
    found.push({
      why: `${title} is replicated; Proxmox does not delete it while it is.`,
      next: 'Remove the replication job first, and wait until it is gone.',
    });
  }
  // What is offered must do: with something else in the way, it would not.
  return found.length === 1 ? found : found.map(({ why, next }) => ({ why, next }));
}

/** What becomes of a guest's backups: by itself Proxmox leaves them where they are. */
interface Backups {
  readonly steps: readonly PieceStep[];
  readonly loses: readonly string[];
  readonly warnings: readonly string[];
}

async function backupsOf(planning: Planning, guest: GuestNow, isDeleted: boolean): Promise<Backups | Refusal[]> {
  const { title, vmid } = guest;
  const { found, unread } = await archivesNow(planning, vmid);
  const doubts = unread.map((each) => `Whether ${title} has more backups could not be read: ${each}`);
  const count = found.length === 1 ? '1 backup' : `${found.length} backups`;
  const stay = `${count} of ${title} ${found.length === 1 ? 'stays' : 'stay'} where ${found.length === 1 ? 'it is' : 'they are'}: “and its backups” deletes ${found.length === 1 ? 'it' : 'them'}, too.`;
  if (found.length === 0)
    return { steps: [], loses: [], warnings: [`${title} has no backup: nothing is left of it.`, ...doubts] };
  if (!isDeleted) return { steps: [], loses: [], warnings: [stay, ...doubts] };
  const blocked = protectedOnes(found);
  if (blocked.length > 0) return blocked;
  return {
    steps: found.map(deleteArchiveStep),
    loses: found.map(archiveText),
    warnings: ['Nothing is left of it.', ...doubts],
  };
}

export const remove = action({
  id: 'guest.delete',
  verb: 'delete',
  risk: 'destructive',
  on: { dataset: 'guests', templates: true },
  say: ['(delete|destroy|remove|erase|get rid of|tear down|nuke|drop) {on} {*}', 'purge {on}'],
  input: {
    purge: {
      kind: 'flag',
      say: [
        '[and] purge [it] [from all jobs]',
        'with purge',
        'from all jobs',
        '[and] purge [it] from (jobs|all jobs|backup jobs|everything)',
      ],
    },
    backups: {
      kind: 'flag',
      say: ['(and|with|including) [also] [its|their|all its|all] (backups|archives)', '(and|with) everything of it'],
      no: [
        '(but|and) (keep|leave) [its|their|all] (backups|archives)',
        '(keeping|leaving) [its|their|all] (backups|archives)',
        '(without|not) [its|their] (backups|archives)',
        'except [its|their] (backups|archives)',
      ],
    },
    stopFirst: {
      kind: 'flag',
      say: ['[and] stop it first', 'after stopping it', 'stop first', 'by force', 'forcibly'],
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const refusals = await inTheWay(planning, guest, input.purge === true);
    if (refusals.length > 0) return refused(...refusals);
    const isUp = guest.status !== 'stopped';
    if (isUp && input.stopFirst !== true) {
      return {
        kind: 'ask',
        question: `${guest.title} is running. It has to be stopped before it can be deleted.`,
        options: [
          { label: `Stop it, then delete it`, say: `delete ${guest.vmid} and stop it first` },
          { label: `Only shut it down`, say: `shut down ${guest.vmid}` },
        ],
      };
    }
    const disks = disksOf(guest);
    const backups = await backupsOf(planning, guest, input.backups === true);
    if (!('steps' in backups)) return refused(...backups);
    return piece({
      says: `Delete ${guest.title}${backups.steps.length > 0 ? ' and its backups' : ''}`,
      steps: [...(isUp ? [stopStep(guest)] : []), deleteStep(guest, input.purge === true), ...backups.steps],
      warnings: backups.warnings,
      assumptions:
        input.purge === true
          ? []
          : ['Backup jobs and firewall files that name it keep its id: “and purge” takes it out of them.'],
      loses: [
        guest.title,
        ...disks.map(({ key, volume }) => `${key} of ${guest.title}: ${volume}`),
        ...snapshotsLost(guest),
        ...backups.loses,
      ],
      changes: [{ about: guest.title, key: 'guest', before: guest.title, after: null }],
      confirm: guest.name === '' ? String(guest.vmid) : guest.name,
    });
  },
  examples: [
    { say: 'delete build-agent', sends: ['DELETE /nodes/pve-node02/qemu/104'] },
    { say: 'destroy dev-sandbox and purge it', sends: ['DELETE /nodes/pve-node02/lxc/203 purge=1'] },
    { say: 'delete build-agent but keep its backups', sends: ['DELETE /nodes/pve-node02/qemu/104'] },
    { say: 'delete docker-host-01', sends: 'clarification' },
    {
      say: 'delete 103 and stop it first',
      sends: ['POST /nodes/pve-node01/qemu/103/status/stop', 'DELETE /nodes/pve-node01/qemu/103'],
    },
    { say: 'delete db-postgres-01', sends: 'clarification' },
  ],
});

function snapshotsLost(guest: GuestNow): string[] {
  const parent = guest.config['parent'];
  return typeof parent === 'string' ? [`the snapshots of ${guest.title}, ${parent} the last of them`] : [];
}

function stopStep(guest: GuestNow): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid };
  const says = `Stop ${guest.title}`;
  const step =
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/status/stop', at, says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/status/stop', at, says);
  return {
    ...step,
    node: guest.node,
    tasks: [{ type: guest.type === 'qemu' ? 'qmstop' : 'vzstop', id: String(guest.vmid) }],
    limitSeconds: 300,
    relies: [sameConfig(guest)],
    expects: [statusFact(guest, 'status', 'stopped')],
  };
}

function deleteStep(guest: GuestNow, purge: boolean): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid, ...(purge ? { purge: true } : {}) };
  const says = `Delete ${guest.title} and its disks`;
  const step =
    guest.type === 'qemu'
      ? call('DELETE', '/nodes/{node}/qemu/{vmid}', at, says)
      : call('DELETE', '/nodes/{node}/lxc/{vmid}', at, says);
  return {
    ...step,
    node: guest.node,
    tasks: [{ type: guest.type === 'qemu' ? 'qmdestroy' : 'vzdestroy', id: String(guest.vmid) }],
    limitSeconds: 3_600,
    relies: [sameConfig(guest), statusFact(guest, 'status', 'stopped')],
    expects: [listedFact(guest, 'vmid', null)],
  };
}
