import {
  action,
  call,
  type GuestNow,
  listedFact,
  locked,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sameConfig,
  statusFact,
} from '../kit/index.ts';
import { disksOf } from '../guest-disks/disks.ts';

/** What keeps Proxmox from deleting a guest (qemu-server Qemu.pm and pve-container LXC.pm, destroy_vm). */
async function inTheWay(planning: Planning, guest: GuestNow, purge: boolean): Promise<Refusal[]> {
  const found = [...locked(guest)];
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

/** The backups that stay behind, and where they lie: they are not lost with the guest. */
async function backupsLeft(planning: Planning, guest: GuestNow): Promise<string[]> {
  const got = await planning.list('/nodes/{node}/storage', { node: guest.node, content: 'backup', enabled: true });
  if (!got.ok) return [`Whether ${guest.title} has backups could not be read: ${got.why}`];
  let count = 0;
  for (const { data } of got.data) {
    const list = await planning.list('/nodes/{node}/storage/{storage}/content', {
      node: guest.node,
      storage: String(data['storage']),
      content: 'backup',
      vmid: guest.vmid,
    });
    if (list.ok) count += list.data.length;
  }
  return [
    count === 0
      ? `${guest.title} has no backup on the storages of ${guest.node}: nothing is left of it.`
      : `${count} backups of ${guest.title} stay where they are.`,
  ];
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
    return piece({
      says: `Delete ${guest.title}`,
      steps: [...(isUp ? [stopStep(guest)] : []), deleteStep(guest, input.purge === true)],
      warnings: await backupsLeft(planning, guest),
      assumptions:
        input.purge === true
          ? []
          : ['Backup jobs and firewall files that name it keep its id: “and purge” takes it out of them.'],
      loses: [
        guest.title,
        ...disks.map(({ key, volume }) => `${key} of ${guest.title}: ${volume}`),
        ...snapshotsLost(guest),
      ],
      changes: [{ about: guest.title, key: 'guest', before: guest.title, after: null }],
      confirm: guest.name === '' ? String(guest.vmid) : guest.name,
    });
  },
  examples: [
    { say: 'delete build-agent', sends: ['DELETE /nodes/pve-node02/qemu/104'] },
    { say: 'destroy dev-sandbox and purge it', sends: ['DELETE /nodes/pve-node02/lxc/203 purge=1'] },
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
