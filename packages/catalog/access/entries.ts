import { asList, asText } from '@pxa/pve/values';
import { pointer, type Reading, type Rec, type RowsReader } from '../kit/index.ts';

/** One line of the access control list that applies to somebody, and where it was read. */
export interface Entry {
  readonly role: string;
  readonly path: string;
  /** The group that it comes by, where it does. */
  readonly group: string | undefined;
  readonly at: string;
}

/**
 * Whether the token sees all users, and so the whole access control list. Proxmox leaves out silently what it may not
 * see; root@pam, which every Proxmox has, is then left out too.
 */
async function seesAllUsers(reading: Reading): Promise<boolean> {
  const got = await reading.list('/access/users', { full: true });
  return got.ok && got.data.some(({ data }) => data['userid'] === 'root@pam');
}

/** Names it where a list of the access control is only what the token may see. */
export async function nameHiddenAccess(reading: Reading, about: string): Promise<void> {
  if (await seesAllUsers(reading)) return;
  reading.lacks(
    `other ${about}`,
    'needs Sys.Audit on /access; Proxmox lists only what this token may see',
    'Give the token the role PVEAuditor on /.',
  );
}

/** The same rows, with that note. */
export function noted(about: string, rows: RowsReader): RowsReader {
  return async (reading) => {
    const found = await rows(reading);
    await nameHiddenAccess(reading, about);
    return found;
  };
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
  if (!(await seesAllUsers(reading))) return { unknown: 'needs Sys.Audit on /access' };
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
