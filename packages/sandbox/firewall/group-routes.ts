import type { Call, Handler } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { assertDigest } from '../behaviours/config-change.ts';
import { died, refused } from '../guests/work.ts';
import type { State } from '../state/model.ts';
import type { RuleList } from './rule-routes.ts';

type Group = State['firewall']['groups'][number];

/** The rules of the security group that the path names. */
export const groupRules: RuleList = {
  environment: 'group',
  scope: (call) => [call.state.firewall],
  read: (call) => known(call).rules,
  write: (call, rules) => {
    const before = known(call);
    save(
      call,
      call.state.firewall.groups.map((group) => (group === before ? { ...group, rules } : group)),
    );
  },
};

/** PVE::API2::Firewall::Groups: security groups of the cluster. */
export const groupRoutes: Record<string, Handler> = {
  'POST /cluster/firewall/groups': (call) => save(call, withGroup(call)),

  'DELETE /cluster/firewall/groups/{group}': (call) => {
    const gone = known(call);
    if (gone.rules.length > 0) throw died(`Security group '${gone.group}' is not empty`);
    return save(
      call,
      call.state.firewall.groups.filter((group) => group !== gone),
    );
  },
};

function save(call: Call, groups: Group[]): null {
  call.state.firewall = { ...call.state.firewall, groups };
  return null;
}

function known(call: Call): Group {
  const name = textParam(call, 'group') ?? '';
  const found = call.state.firewall.groups.find(({ group }) => group === name);
  if (!found) throw died(`no such security group '${name}'`);
  return found;
}

/** A new group; with `rename` an old one under another name, or with another comment. */
function withGroup(call: Call): Group[] {
  const { groups } = call.state.firewall;
  const [name, rename] = [textParam(call, 'group') ?? '', textParam(call, 'rename')];
  const comment = textParam(call, 'comment');
  const commented = comment === undefined ? {} : { comment };
  const isTaken = groups.some(({ group }) => group === name);
  if (rename === undefined) {
    if (isTaken) throw refused({ group: `Security group '${name}' already exists` });
    return [...groups, { group: name, ...commented, rules: [] }];
  }
  assertDigest(call, groups);
  const before = groups.find(({ group }) => group === rename);
  if (!before) throw refused({ group: `Security group '${rename}' does not exist` });
  if (name !== rename && isTaken) throw refused({ group: `Security group '${name}' does already exist` });
  return groups.map((group) => (group === before ? { ...group, ...commented, group: name } : group));
}
