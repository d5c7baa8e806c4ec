import type { Call } from '../behaviour.ts';
import { sidOf } from '../behaviours/common.ts';
import type { Guest, Row } from '../state/model.ts';
import type { Task } from './work.ts';

/** What goes with every guest: its ACL entries and its place in pools (PVE::AccessControl::remove_vm_access). */
export function removeAccess({ state }: Call, { vmid }: Guest): void {
  const { access } = state;
  const pools = access.pools.map((pool) =>
    pool.vms.some((id) => Number(id) === vmid) ? { ...pool, vms: pool.vms.filter((id) => Number(id) !== vmid) } : pool,
  );
  state.access = { ...access, pools, acl: access.acl.filter(({ path }) => path !== `/vms/${vmid}`) };
}

/** With `purge`: backup jobs, replication jobs and HA forget the guest too. */
export function purgeReferences({ state }: Call, guest: Guest, task: Task): void {
  const { vmid } = guest;
  const word = guest.type === 'qemu' ? 'VM' : 'CT';
  task.log(`purging ${word} ${vmid} from related configurations..`);
  state.backupJobs = state.backupJobs.flatMap((job): Row[] => {
    const ids = typeof job['vmid'] === 'string' ? job['vmid'].split(',') : undefined;
    if (!ids?.includes(String(vmid))) return [job];
    const left = ids.filter((id) => id !== String(vmid));
    return left.length === 0 ? [] : [{ ...job, vmid: left.join(',') }];
  });
  state.replication = state.replication.filter((job) => Number(job['guest']) !== vmid);
  for (const node of state.nodes.values()) {
    node.replication = node.replication.filter((row) => Number(row['guest']) !== vmid);
  }
  const sid = sidOf(guest);
  const { ha } = state;
  if (!ha.resources.some((row) => row['sid'] === sid)) return;
  ha.resources = ha.resources.filter((row) => row['sid'] !== sid);
  ha.services = ha.services.filter((row) => row['sid'] !== sid);
  ha.rules =
    ha.rules?.flatMap((rule) => {
      const left = String(rule['resources'])
        .split(',')
        .filter((one) => one !== sid);
      return left.length === 0 ? [] : { ...rule, resources: left.join(',') };
    }) ?? null;
  task.log(`NOTE: removed ${word} ${vmid} from HA resource configuration.`);
}
