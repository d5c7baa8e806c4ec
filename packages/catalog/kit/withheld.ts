import { asObject } from '@pxa/pve/values';
import type { Reading } from './reading.ts';

/** What a list holds, the privilege that shows it, and the ACL path that this is held on or below. */
interface Listed {
  readonly about: string;
  readonly privilege: string;
  readonly path: string;
}

/**
 * Of a list that came empty: names it as lacking where this token may see none of what it holds. Proxmox leaves out what
 * may not be seen, without a word (PVE/API2/Cluster.pm, resources), so that none and none shown look alike.
 */
export async function lacksWithheld(reading: Reading, { about, privilege, path }: Listed): Promise<void> {
  const got = await reading.read('/access/permissions', {});
  if (!got.ok) return;
  const sees = Object.entries(asObject(got.data) ?? {}).some(
    ([at, privileges]) => isOver(at, path) && asObject(privileges)?.[privilege] !== undefined,
  );
  if (sees) return;
  const why = `Proxmox leaves out what its API token may not see, and this one holds ${privilege} on none of them`;
  const role = `a role with ${privilege} (PVEAuditor has it) on ${path} or on /`;
  const next = `Give it ${role}: Datacenter > Permissions. A token with privilege separation needs it, and its user as well.`;
  reading.lacks(about, why, next);
}

/** Whether what is held at an ACL path may show something of a kind: pools hand on what they hold. */
const isOver = (at: string, path: string): boolean =>
  at === '/' || at === path || at.startsWith(`${path}/`) || at.startsWith('/pool/');
