import type { Reading } from '../kit/index.ts';

/**
 * Names it where a list of tasks is only part of what there is: without Sys.Audit, Proxmox lists a token's own tasks
 * and says nothing of the others (pve-manager PVE/API2/Tasks.pm). That it is missing shows in `/cluster/resources`,
 * which then tells no figures of the node.
 */
export async function nameHiddenTasks(reading: Reading, about: string): Promise<void> {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) return;
  for (const { data } of got.data) {
    if (data['type'] !== 'node' || data['status'] !== 'online' || data['maxcpu'] !== undefined) continue;
    const node = String(data['node']);
    reading.lacks(
      `${about} of others on ${node}`,
      `needs Sys.Audit on /nodes/${node}; only this token’s own are listed`,
      `Give the token the role PVEAuditor on /nodes/${node}, or on /.`,
    );
  }
}
