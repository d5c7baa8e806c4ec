import { eachPart, lackOf } from '../judge.ts';
import { type Check, CLUSTER, type Circumstances, type Facts, type Look, type Rule, type Seen } from '../rule.ts';
import { listOf } from './guest-looks.ts';

const toCluster = (): string => CLUSTER;

const tokenLook: Look = { dataset: 'tokens', columns: ['token', 'owner', 'privsep', 'expire'] };

/** Tasks that a person begins, and neither the scheduler nor HA, which act as root@pam too. */
const BY_PEOPLE =
  'vncshell|termproxy|spiceshell|vncproxy|spiceproxy|qmcreate|vzcreate|qmclone|vzclone|qmdestroy|vzdestroy|qmconfig|qmrestore|vzrestore|qmsnapshot|vzsnapshot|qmrollback|vzrollback|download|imgdel|aptupgrade'.split(
    '|',
  );
const USED_DAYS = 7;

/** Rules about who may do what. All of them are about the cluster, which keeps its users once. */
export const accessRules: readonly Rule[] = [
  {
    id: 'access.root_used',
    kind: 'configuration',
    title: `Nobody worked as root@pam in the last ${USED_DAYS} days`,
    about: 'cluster',
    grade: 'low',
    looks: [
      {
        dataset: 'tasks',
        columns: ['user', 'type', 'started'],
        where: {
          op: 'and',
          of: [
            { op: 'compare', column: 'user', is: '=', value: 'root@pam' },
            { op: 'in', column: 'type', values: BY_PEOPLE },
            { op: 'compare', column: 'started', is: '>=', value: { ago: USED_DAYS * 86_400 } },
          ],
        },
      },
    ],
    judge: rootTasks,
    remedy: 'Give each administrator a user of their own, and keep root@pam for emergencies.',
    controls: ['CIS 4.7', 'CIS 5.4', 'SOC2 CC6.1'],
  },
  {
    id: 'access.root_token',
    kind: 'configuration',
    title: 'No program acts as root@pam',
    about: 'cluster',
    grade: 'medium',
    looks: [tokenLook],
    judge: eachPart({
      target: toCluster,
      when: (row) => row.value('owner') === 'root@pam',
      needs: ['privsep'],
      by: ['owner', 'privsep'],
      fault: (row) => ({
        about: row.id,
        text: `Token ${String(row.value('token'))} belongs to root@pam${row.value('privsep') === false ? ', and may do everything' : ''}.`,
        grade: row.value('privsep') === false ? 'high' : 'low',
      }),
    }),
    remedy: 'Make a user with the roles that the program needs, and a token of that user.',
    controls: ['CIS 5.4', 'SOC2 CC6.3'],
  },
  {
    id: 'access.token_unseparated',
    kind: 'configuration',
    title: 'API tokens have rights of their own',
    about: 'cluster',
    grade: 'medium',
    looks: [tokenLook],
    judge: eachPart({
      target: toCluster,
      needs: ['privsep'],
      fault: (row) =>
        row.value('privsep') === false
          ? { about: row.id, text: `Token ${String(row.value('token'))} may do all that its user may.` }
          : undefined,
    }),
    remedy: 'Switch its privilege separation on, and grant it the roles that it needs.',
    fix: {
      action: 'token.separate',
      on: 'input',
      input: (about) => ({ full: about.replace('token/', ''), wanted: 'on' }),
    },
    controls: ['CIS 6.8', 'SOC2 CC6.3'],
  },
  {
    id: 'access.token_endless',
    kind: 'configuration',
    title: 'API tokens end by themselves',
    about: 'cluster',
    grade: 'low',
    looks: [tokenLook],
    judge: eachPart({
      target: toCluster,
      needs: ['token'],
      by: ['token'],
      // Proxmox writes 0, which is no date, where a token has no end.
      fault: (row) =>
        row.value('expire') === null
          ? { about: row.id, text: `Token ${String(row.value('token'))} never ends.` }
          : undefined,
    }),
    remedy: 'Set an end date, and renew it as long as it is needed.',
    fix: {
      action: 'token.expire',
      on: 'input',
      input: (about) => ({ full: about.replace('token/', ''), in: 90 * 86_400 }),
    },
    controls: ['CIS 6.2', 'SOC2 CC6.2'],
  },
  {
    id: 'access.no_second_factor',
    kind: 'configuration',
    title: 'Everybody who logs in has a second factor',
    about: 'cluster',
    grade: 'medium',
    looks: [
      { dataset: 'users', columns: ['userid', 'realm', 'enabled', 'tfa'] },
      { dataset: 'realms', columns: ['realm', 'type', 'tfa'] },
    ],
    judge: secondFactors,
    remedy: 'Add one: Datacenter → Permissions → Two Factor.',
    controls: ['CIS 6.5', 'SOC2 CC6.1'],
  },
  {
    id: 'access.wide_acl',
    kind: 'configuration',
    title: 'Nobody may change everything by one entry of the access control list',
    about: 'cluster',
    grade: 'medium',
    looks: [
      { dataset: 'acl', columns: ['path', 'type', 'who', 'role', 'propagate'] },
      { dataset: 'roles', columns: ['roleid', 'privs'] },
    ],
    judge: wideEntries,
    remedy: 'Grant it on the pools, storages or nodes that it is needed for, instead of on /.',
    controls: ['CIS 6.8', 'SOC2 CC6.3'],
  },
];

/** One finding for all that root did. */
function rootTasks([seen]: readonly Seen[]): Check[] {
  const rows = seen?.rows ?? [];
  const [newest] = rows;
  const why = lackOf(seen, CLUSTER);
  if (newest === undefined) {
    return [why === undefined ? { state: 'passed', target: CLUSTER } : { state: 'unknown', target: CLUSTER, why }];
  }
  const times = rows.length === 1 ? 'once' : `${rows.length} times`;
  const text = `Somebody worked as root@pam ${times} in the last ${USED_DAYS} days; the newest task is ${String(newest.value('type'))}.`;
  return [{ state: 'failed', target: CLUSTER, fault: { about: 'user/root@pam', text, by: [[newest, 'user']] } }];
}

/** Users of an OpenID issuer prove themselves there; a realm may ask all of its users for a second factor. */
function secondFactors([users, realms]: readonly Seen[], circumstances: Circumstances): Check[] {
  const byName = new Map((realms?.rows ?? []).map((realm) => [realm.value('realm'), realm]));
  const isElsewhere = (user: Facts): boolean => {
    const realm = byName.get(user.value('realm'));
    return realm?.value('type') === 'openid' || !['none', '', undefined].includes(realm?.value('tfa')?.toString());
  };
  const judge = eachPart({
    target: toCluster,
    when: (user) => user.value('enabled') === true && !isElsewhere(user),
    needs: ['tfa'],
    fault: (user) =>
      user.value('tfa') === false
        ? {
            about: user.id,
            text: `User ${String(user.value('userid'))} logs in without a second factor.`,
            ...(user.id === 'user/root@pam' ? { grade: 'high' as const } : {}),
          }
        : undefined,
  });
  return judge(users === undefined ? [] : [users], circumstances);
}

/** Entries on the root of all paths by which more than reading is allowed. */
function wideEntries([acl, roles]: readonly Seen[], circumstances: Circumstances): Check[] {
  const privileges = new Map((roles?.rows ?? []).map((role) => [role.value('roleid'), listOf(role, 'privs')]));
  const judge = eachPart({
    target: toCluster,
    when: (entry) => entry.value('path') === '/' && entry.value('propagate') === true,
    needs: ['role', 'who'],
    by: ['path', 'who', 'role'],
    fault: (entry) => {
      const role = String(entry.value('role'));
      const writes = (privileges.get(role) ?? []).filter((privilege) => !privilege.endsWith('.Audit'));
      if (writes.length === 0 && privileges.has(role)) return undefined;
      const who = `${String(entry.value('type'))} ${String(entry.value('who'))}`;
      const isAll = writes.includes('Permissions.Modify');
      const text = isAll
        ? `The ${who} may do everything, everywhere: role ${role} on /.`
        : `The ${who} has the role ${role} on everything.`;
      return { about: entry.id, text, grade: isAll ? 'medium' : 'low' };
    },
  });
  return judge(acl === undefined ? [] : [acl], circumstances);
}
