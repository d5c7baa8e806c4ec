import type { Run } from '@pxa/ask';
import { type Entity, Inventory } from '@pxa/language';
import { asList } from '@pxa/pve/values';

/** The names that exist at this moment, from the one call that lists the cluster; the question itself reads the same. */
export async function readInventory(run: Run): Promise<Inventory> {
  const got = await run.list('/cluster/resources', {});
  if (!got.ok) {
    run.lacks.add('the cluster’s names', got.why, got.nextStep);
    return new Inventory([]);
  }
  const found: Entity[] = [];
  // Storages and tags are met again and again; a guest stands in the list once.
  const met = new Set<string>();
  const add = (entity: Entity): void => {
    const key = `${entity.kind} ${entity.key}`;
    if (!met.has(key)) found.push(entity);
    met.add(key);
  };
  for (const { data } of got.data) {
    const text = (key: string): string =>
      typeof data[key] === 'string' || typeof data[key] === 'number' ? String(data[key]) : '';
    const type = text('type');
    if (type === 'node') add({ kind: 'node', key: text('node'), name: text('node'), status: text('status') });
    else if (type === 'storage') add({ kind: 'storage', key: text('storage'), name: text('storage') });
    else if (type === 'pool') add({ kind: 'pool', key: text('pool'), name: text('pool') });
    else if (type === 'qemu' || type === 'lxc') {
      const vmid = Number(data['vmid']);
      found.push({
        kind: 'guest',
        key: `${type}/${vmid}`,
        name: text('name') || `${type === 'qemu' ? 'VM ' : 'CT'}${vmid}`,
        vmid,
        type,
        node: text('node'),
        status: text('status'),
        template: text('template') === '1',
      });
      for (const tag of asList(data['tags']) ?? []) add({ kind: 'tag', key: tag, name: tag });
    }
  }
  return new Inventory(found);
}
