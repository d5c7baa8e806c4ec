import { describe, expect, it } from 'vitest';
import { openAll } from './open.ts';
import type { ServiceStore } from './service-store.ts';
import { engines } from './testing/engines.ts';

const LEASE_MS = 100;

describe.each(engines)('leases on $name', ({ fresh }) => {
  async function opened(): Promise<{ service: ServiceStore; close: () => Promise<void> }> {
    const { store, service } = await openAll(await fresh(), { now: () => 0 });
    return { service, close: () => store.close() };
  }

  const take = (service: ServiceStore, owner: string, now: number, name = 'poll home') =>
    service.takeLease({ name, owner, now, leaseMs: LEASE_MS });

  it('are of one owner until they run out, and then of a greater fence', async () => {
    const { service, close } = await opened();
    expect(await take(service, 'a', 0)).toEqual({ name: 'poll home', owner: 'a', fence: 1 });
    expect(await take(service, 'b', 99)).toBeUndefined();
    expect(await take(service, 'b', 99, 'poll east')).toMatchObject({ fence: 1 });
    expect(await take(service, 'a', 50)).toMatchObject({ fence: 1 });
    expect(await take(service, 'b', 149)).toBeUndefined();
    expect(await take(service, 'b', 150)).toMatchObject({ owner: 'b', fence: 2 });
    expect(await take(service, 'a', 200)).toBeUndefined();
    await close();
  });

  it('are renewed by who holds them, and lost to who took them', async () => {
    const { service, close } = await opened();
    const a = await take(service, 'a', 0);
    if (a === undefined) throw new Error('nobody else wanted it');
    expect(await service.renewLease(a, 90, LEASE_MS)).toBe(true);
    expect(await take(service, 'b', 189)).toBeUndefined();
    // nobody took it in the meantime: it is still theirs
    expect(await service.renewLease(a, 300, LEASE_MS)).toBe(true);
    const b = await take(service, 'b', 400);
    expect(b).toMatchObject({ fence: 2 });
    expect(await service.renewLease(a, 401, LEASE_MS)).toBe(false);
    await service.releaseLease(a);
    expect(await take(service, 'c', 401)).toBeUndefined();
    await close();
  });

  it('that were given back are there at once, and cannot be renewed', async () => {
    const { service, close } = await opened();
    const a = await take(service, 'a', 0);
    if (a === undefined) throw new Error('nobody else wanted it');
    await service.releaseLease(a);
    expect(await service.renewLease(a, 1, LEASE_MS)).toBe(false);
    expect(await take(service, 'b', 1)).toMatchObject({ fence: 2 });
    await close();
  });

  it('go to one of many who try at once', async () => {
    const { service, close } = await opened();
    const tries = await Promise.all(Array.from({ length: 10 }, (_, index) => take(service, `owner ${index}`, 0)));
    expect(tries.filter((lease) => lease !== undefined)).toHaveLength(1);
    await close();
  });
});
