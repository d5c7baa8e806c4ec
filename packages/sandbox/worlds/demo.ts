import { settle } from '../load.ts';
import type { State } from '../state/model.ts';
import { demoBackupJobs, demoBackups } from './demo-backups.ts';
import { demoAccess, demoFirewall, demoGuestFirewalls, demoHa, demoReplication, demoTasks } from './demo-cluster.ts';
import { demoGuests } from './demo-guests.ts';
import { demoNodes } from './demo-nodes.ts';
import { demoStorages, fillStorages } from './demo-storage.ts';
import { Times } from './times.ts';

const VERSION = { version: '9.2.11', release: '9.2', repoid: '8b1f0a6c2d9e4f37' };

/**
 * The demo cluster of DESIGN.md: three nodes, eleven VMs with two templates, five containers; times are relative to
 * the clock at which it starts. With 2026-02-23T10:00:00Z the transcripts of the product's description come out.
 */
export function demoState(clock: { now(): number }): State {
  const times = new Times(clock.now());
  const nodes = demoNodes(times);
  const guests = demoGuests(times);
  for (const [vmid, firewall] of Object.entries(demoGuestFirewalls())) {
    const guest = guests.get(Number(vmid));
    if (guest) guest.firewall = firewall;
  }
  const backups = demoBackups(times, guests, nodes);
  fillStorages(times, nodes, [...guests.values()], backups);
  const tasks = [...backups.tasks, ...demoTasks(times)].sort((a, b) => b.starttime - a.starttime);
  return settle({
    seed: 42,
    start: times.now,
    version: VERSION,
    ownVersion: VERSION,
    major: 9,
    cluster: { name: 'tli-prod-cluster', version: 3 },
    localNode: 'pve-node01',
    nodes,
    guests,
    storages: demoStorages(),
    access: demoAccess(times),
    domains: [],
    options: { keyboard: 'en-us', console: 'html5', 'tag-style': { 'color-map': 'env-production:c0392b:ffffff' } },
    backupJobs: demoBackupJobs(),
    replication: demoReplication(times, nodes),
    ha: demoHa(),
    firewall: demoFirewall(),
    sdn: { resources: zones([...nodes.keys()]) },
    mappings: { pci: [], usb: [], dir: [] },
    metricServers: [],
    notifications: {},
    realmSync: [],
    log: [],
    tasks,
  });
}

/** The zone that every node has. */
export function zones(nodes: readonly string[]): Record<string, unknown>[] {
  return nodes.map((node) => ({
    id: `sdn/${node}/localnetwork`,
    type: 'sdn',
    sdn: 'localnetwork',
    node,
    status: 'ok',
    'zone-type': 'localnetwork',
  }));
}
