import { afterEach } from 'vitest';
import { openStore, type StoreDeps, type StorePlace } from '../open.ts';
import type { Store } from '../store.ts';
import type { TestEngine } from './engines.ts';
import { NOW_MS } from './samples.ts';

/** Opens stores that are closed after each test; without a place, at one where nothing is yet. */
export function openedStores({
  fresh,
}: Pick<TestEngine, 'fresh'>): (place?: StorePlace, deps?: Partial<StoreDeps>) => Promise<Store> {
  const opened: Store[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  return async (place, deps = {}) => {
    const store = await openStore(place ?? (await fresh()), { now: () => NOW_MS, ...deps });
    opened.push(store);
    return store;
  };
}
