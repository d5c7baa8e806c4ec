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

/**
 * The same with the users by their short names (`anna` of anna@pve), where one of them is said: they take another read,
 * which only words are worth that mean nothing without it. Undefined where they bring nothing.
 */
export async function withUsers(run: Run, inventory: Inventory, request: string): Promise<Inventory | undefined> {
  const got = await run.list('/access/users', {});
  if (!got.ok) return undefined;
  const words = new Set(request.toLowerCase().split(/[^\w.-]+/));
  const isOfUsers = /\b(user|account)s?\b/i.test(request);
  const users = got.data.flatMap(({ data }): Entity[] => {
    const userid = typeof data['userid'] === 'string' ? data['userid'] : '';
    const name = userid.slice(0, userid.lastIndexOf('@'));
    return isOfUsers || words.has(name.toLowerCase()) ? [{ kind: 'user', key: userid, name }] : [];
  });
  return users.length === 0 ? undefined : new Inventory([...inventory.entities, ...users]);
}
