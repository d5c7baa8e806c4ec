import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { wakeCrm } from '../ha/crm.ts';
import { nodePriorities } from '../ha/placement.ts';
import { died } from '../guests/work.ts';
import type { Row } from '../state/model.ts';
import { textParam } from './common.ts';
import { assertDigest, sentSettings, withPrefix, withoutDeleted, type Kind } from './config-change.ts';
import { groupsFromRules } from './ha-migration.ts';

const SETTINGS: Record<string, Kind> = { nodes: 'text', comment: 'text', nofailback: 'flag', restricted: 'flag' };

/** Where services may be, up to 8.4: PVE::API2::HA::Groups. */
export const haGroupWrites: Behaviours = {
  'POST /cluster/ha/groups': (call) => {
    const groups = begin(call, 'create group');
    const id = textParam(call, 'group') ?? '';
    return withPrefix('create ha group failed', () => {
      if (groups.some((row) => row['group'] === id)) throw died(`ha group ID '${id}' already defined`);
      return write(call, [...groups, { group: id, type: 'group', ...settings(call) }]);
    });
  },

  'PUT /cluster/ha/groups/{group}': (call) => {
    const groups = begin(call, 'update group');
    const id = textParam(call, 'group') ?? '';
    return withPrefix('update ha group failed', () => {
      assertDigest(call, groups);
      const before = groups.find((row) => row['group'] === id);
      if (!before) throw died(`no such ha group '${id}'`);
      const after = withoutDeleted(call, { ...before, ...settings(call) }, SETTINGS, ['nodes']);
      return write(
        call,
        groups.map((row) => (row === before ? after : row)),
      );
    });
  },

  'DELETE /cluster/ha/groups/{group}': (call) => {
    const groups = begin(call, 'delete group');
    const id = textParam(call, 'group') ?? '';
    return withPrefix('delete ha group failed', () => {
      const user = call.state.ha.resources.find((row) => row['group'] === id);
      if (user) throw died(`ha group is used by service '${String(user['sid'])}'`);
      return write(
        call,
        groups.filter((row) => row['group'] !== id),
      );
    });
  },
};

/** 9.x has none any more. A cluster that was made with rules shows them as groups to 8.x, and keeps them so then. */
function begin(call: Call, what: string): Row[] {
  if (call.version.major >= 9) throw new PveError(500, `cannot ${what}: ha groups have been migrated to rules\n`);
  const { ha } = call.state;
  if (ha.groups) return ha.groups;
  const made = groupsFromRules(ha);
  ha.resources = ha.resources.map((row) => {
    const group = made.find(({ members }) => members.includes(String(row['sid'])))?.group['group'];
    return group === undefined ? row : { ...row, group };
  });
  ha.groups = made.map(({ group }) => group);
  ha.rules = null;
  return ha.groups;
}

/** Unknown nodes are let in, as PVE::HA::Groups does; the list is kept in order. */
function settings(call: Call): Row {
  const sent = sentSettings(call, SETTINGS);
  if (sent['nodes'] === undefined) return sent;
  const nodes = [...nodePriorities(sent['nodes'])].sort(([a], [b]) => a.localeCompare(b));
  const written = nodes.map(([node, priority]) => (priority === 0 ? node : `${node}:${priority}`));
  return { ...sent, nodes: written.join(',') };
}

function write(call: Call, groups: Row[]): null {
  call.state.ha.groups = groups;
  wakeCrm(call);
  return null;
}
