import type { HaState, Row } from '../state/model.ts';

/**
 * HA groups of 8.x and node-affinity rules of 9.x say the same in other words; PVE::HA::Groups'
 * migrate_groups_to_rules turns the first into the second when a cluster is upgraded.
 */
export function rulesFromGroups(ha: HaState): Row[] {
  return (ha.groups ?? []).flatMap((group, index) => {
    const members = ha.resources.filter((row) => row['group'] === group['group']).map((row) => String(row['sid']));
    if (members.length === 0) return [];
    const comment = group['comment'] === undefined ? {} : { comment: group['comment'] };
    return {
      rule: `ha-rule-${String(group['group'])}`,
      type: 'node-affinity',
      resources: members.join(','),
      nodes: group['nodes'],
      strict: group['restricted'] ?? 0,
      order: index + 1,
      ...comment,
    };
  });
}

/** The groups that node-affinity rules would have been, each with the services that were in it. */
export function groupsFromRules(ha: HaState): { group: Row; members: string[] }[] {
  return (ha.rules ?? [])
    .filter((rule) => rule['type'] === 'node-affinity')
    .map((rule) => ({
      group: {
        group: String(rule['rule']).replace(/^ha-rule-/, ''),
        type: 'group',
        nodes: rule['nodes'],
        restricted: rule['strict'] ?? 0,
        nofailback: 0,
      },
      members: String(rule['resources']).split(','),
    }));
}
