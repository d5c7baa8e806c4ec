import type { ApiToken } from '@pxa/contract';
import { describe, expect, it } from 'vitest';
import { openAll, type StorePlace } from './open.ts';
import type { ServiceStore } from './service-store.ts';
import type { Store } from './store.ts';
import { engines } from './testing/engines.ts';
import { at, entry, NOW_MS } from './testing/samples.ts';

function tokenOf(id: string): ApiToken {
  return {
    id,
    name: `for ${id}`,
    description: '',
    prefix: 'pxa_abcd',
    scopes: ['vm:read'],
    approval: 'own',
    created_at: at(0),
    created_by: 'anna',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
  };
}

describe.each(engines)('tokens on $name', ({ fresh }) => {
  async function opened(place?: StorePlace): Promise<{ store: Store; service: ServiceStore }> {
    return openAll(place ?? (await fresh()), { now: () => NOW_MS });
  }

  it('are found by the hash of their secret, also after the store was opened again', async () => {
    const place = await fresh();
    const first = await opened(place);
    await first.service.addToken(tokenOf('tok_1'), 'hash-1', entry('token.created'));
    await first.service.addToken(tokenOf('tok_2'), 'hash-2', entry('token.created'));
    await first.store.close();
    const { store, service } = await opened(place);
    expect(await service.tokenByHash('hash-1')).toEqual(tokenOf('tok_1'));
    expect(await service.tokenByHash('hash-3')).toBeUndefined();
    expect((await service.tokens()).map(({ id }) => id)).toEqual(['tok_2', 'tok_1']);
    await store.close();
  });

  it('are of one secret each', async () => {
    const { store, service } = await opened();
    await service.addToken(tokenOf('tok_1'), 'hash-1', entry('token.created'));
    await expect(service.addToken(tokenOf('tok_2'), 'hash-1', entry('token.created'))).rejects.toThrow(/refused/);
    expect(await store.auditHead()).toMatchObject({ count: 1 });
    await store.close();
  });

  it('are made first by one of several who start at once', async () => {
    const place = await fresh();
    const [one, two] = [await opened(place), await opened(place)];
    const made = await Promise.all(
      [one, two, one, two].map(({ service }, at) =>
        service.addFirstToken(tokenOf(`tok_${at}`), `hash-${at}`, entry('token.created')),
      ),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await one.service.tokens()).toHaveLength(1);
    expect(await two.service.addFirstToken(tokenOf('tok_9'), 'hash-9', entry('token.created'))).toBe(false);
    await Promise.all([one.store.close(), two.store.close()]);
  });

  it('end when they are revoked, once, and say when they were used', async () => {
    const { store, service } = await opened();
    await service.addToken(tokenOf('tok_1'), 'hash-1', entry('token.created'));
    await service.tokenUsed('tok_1', NOW_MS);
    expect(await service.revokeToken('tok_none', at(1), entry('token.revoked'))).toBe(false);
    expect(await service.revokeToken('tok_1', at(1), entry('token.revoked'))).toBe(true);
    expect(await service.revokeToken('tok_1', at(2), entry('token.revoked'))).toBe(true);
    const [token] = await service.tokens();
    expect(token).toMatchObject({ revoked_at: at(1), last_used_at: new Date(NOW_MS).toISOString() });
    expect((await store.auditLog(0, 9)).map(({ kind }) => kind)).toEqual(['token.created', 'token.revoked']);
    await store.close();
  });
});
