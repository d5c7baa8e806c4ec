import type { Behaviours } from '../behaviour.ts';
import { agentWrites } from './agent-writes.ts';
import { agent } from './agent.ts';
import { backup } from './backup.ts';
import { capabilities } from './capabilities.ts';
import { cluster } from './cluster.ts';
import { content } from './content.ts';
import { disks } from './disks.ts';
import { firewallWrites } from './firewall-writes.ts';
import { firewall } from './firewall.ts';
import { guestConfigs } from './guest-config.ts';
import { guestWrites } from './guest-writes.ts';
import { guests } from './guests.ts';
import { haGroupWrites } from './ha-group-writes.ts';
import { haResourceWrites } from './ha-resource-writes.ts';
import { haRuleWrites } from './ha-rule-writes.ts';
import { ha } from './ha.ts';
import { hardware } from './hardware.ts';
import { migrate } from './migrate.ts';
import { networkWrites } from './network-writes.ts';
import { network } from './network.ts';
import { nodeConfigWrites } from './node-config-writes.ts';
import { nodePowerWrites } from './node-power-writes.ts';
import { nodes } from './nodes.ts';
import { optionWrites } from './option-writes.ts';
import { poolWrites } from './pool-writes.ts';
import { pools } from './pools.ts';
import { replication } from './replication.ts';
import { resources } from './resources.ts';
import { rrd } from './rrd.ts';
import { sdn } from './sdn.ts';
import { serviceWrites } from './service-writes.ts';
import { snapshots } from './snapshots.ts';
import { storage } from './storage.ts';
import { storageAreaWrites } from './storage-area-writes.ts';
import { upkeep } from './upkeep.ts';

/** Every route that the sandbox models, by area. What is not here answers 501. */
export const behaviours: Behaviours = {
  ...agent,
  ...agentWrites,
  ...backup,
  ...capabilities,
  ...cluster,
  ...content,
  ...disks,
  ...firewall,
  ...firewallWrites,
  ...guestConfigs,
  ...guestWrites,
  ...guests,
  ...ha,
  ...haGroupWrites,
  ...haResourceWrites,
  ...haRuleWrites,
  ...hardware,
  ...migrate,
  ...network,
  ...networkWrites,
  ...nodes,
  ...nodeConfigWrites,
  ...nodePowerWrites,
  ...optionWrites,
  ...pools,
  ...poolWrites,
  ...replication,
  ...resources,
  ...rrd,
  ...sdn,
  ...serviceWrites,
  ...snapshots,
  ...storage,
  ...storageAreaWrites,
  ...upkeep,
};
