import { asList, asText } from '@pxa/pve/values';
import { pointer, type Reading, type Rec } from '../kit/index.ts';

/** One line of the access control list that applies to somebody, and where it was read. */
export interface Entry {
  readonly role: string;
  readonly path: string;
  /** The group that it comes by, where it does. */
  readonly group: string | undefined;
  readonly at: string;
}

/** Which groups a user is in: told by the user's own record, else by the groups. */
export async function groupsOf(
  reading: Reading,
  user: Rec,
): Promise<{ groups: string[]; at: string } | { unknown: string }> {
  const own = asList(user.data['groups']);
  if (user.data['groups'] !== undefined) return { groups: own, at: pointer(user.at, 'groups') };
  const got = await reading.list('/access/groups', {});
  if (!got.ok) return { unknown: got.why };
  const userid = asText(user.data['userid']) ?? '';
  const mine = got.data.filter(({ data }) => asList(data['users']).includes(userid));
  return {
    groups: mine.map(({ data }) => String(data['groupid'])),
    at: mine.length > 0 ? mine.map(({ at }) => pointer(at, 'users')).join(', ') : got.at,
  };
}

/**
 * The entries that name somebody: a user directly and through groups, or a token. What they add up to on a path
 * follows Proxmox's rules (pve-access-control PVE/AccessControl.pm, roles): deeper paths replace, NoAccess wins.
 */
export async function entriesOf(
  reading: Reading,
  who: { readonly id: string; readonly type: 'user' | 'token'; readonly groups: readonly string[] },
): Promise<{ entries: Entry[]; at: string } | { unknown: string }> {
  const got = await reading.list('/access/acl', {});
  if (!got.ok) return { unknown: got.why };
  const entries: Entry[] = [];
  for (const { data, at } of got.data) {
    const direct = data['type'] === who.type && data['ugid'] === who.id;
    const byGroup = data['type'] === 'group' && who.groups.includes(String(data['ugid']));
    if (!direct && !byGroup) continue;
    entries.push({
      role: String(data['roleid']),
      path: String(data['path']),
      group: byGroup ? String(data['ugid']) : undefined,
      at: pointer(at, 'roleid'),
    });
  }
  return { entries, at: got.at };
}

/** `PVEVMAdmin on /vms (group ops)`. */
export function entryText({ role, path, group }: Entry): string {
  return `${role} on ${path}${group === undefined ? '' : ` (group ${group})`}`;
}
