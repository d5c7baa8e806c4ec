import type { Behaviours } from '../behaviour.ts';
import { aliasRoutes } from '../firewall/alias-routes.ts';
import { groupRoutes, groupRules } from '../firewall/group-routes.ts';
import { ipsetRoutes } from '../firewall/ipset-routes.ts';
import { clusterLevel, containerLevel, nodeLevel, vmLevel, type Level } from '../firewall/levels.ts';
import { optionRoutes } from '../firewall/option-routes.ts';
import { ruleRoutes, rulesOf } from '../firewall/rule-routes.ts';

/** Firewalls by where their routes are; nodes have neither aliases nor sets of their own. */
const LEVELS: [path: string, level: Level][] = [
  ['/cluster/firewall', clusterLevel],
  ['/nodes/{node}/firewall', nodeLevel],
  ['/nodes/{node}/qemu/{vmid}/firewall', vmLevel],
  ['/nodes/{node}/lxc/{vmid}/firewall', containerLevel],
];

function levelRoutes([path, level]: [string, Level]): Behaviours {
  const own =
    level === nodeLevel ? {} : { ...aliasRoutes(`${path}/aliases`, level), ...ipsetRoutes(`${path}/ipset`, level) };
  return {
    ...optionRoutes(`${path}/options`, level),
    ...ruleRoutes(`${path}/rules`, `${path}/rules/{pos}`, rulesOf(level)),
    ...own,
  };
}

const GROUP = '/cluster/firewall/groups/{group}';

/** Changes of firewalls: of the cluster with its security groups, of nodes and of guests. */
export const firewallWrites: Behaviours = {
  ...Object.assign({}, ...LEVELS.map(levelRoutes)),
  ...groupRoutes,
  ...ruleRoutes(GROUP, `${GROUP}/{pos}`, groupRules),
};
