import { createHash, randomBytes } from 'node:crypto';
import { openAll, type StorePlace } from '@pxa/store';

/** A token as the service keeps it, made past it: so many are not made by one caller in a minute. */
export async function tokenFor(place: StorePlace, approval: 'own' | 'required'): Promise<string> {
  const { store, service } = await openAll(place, { now: () => Date.now() });
  const secret = `pxa_${randomBytes(32).toString('base64url')}`;
  const at = new Date().toISOString();
  const id = `tok_${randomBytes(4).toString('hex')}`;
  const entry = {
    at,
    kind: 'token.created',
    who: id,
    door: 'rest',
    cluster: '',
    plan_id: null,
    job_id: null,
    data: {},
  } as const;
  await service.addToken(
    {
      id,
      name: id,
      description: '',
      prefix: secret.slice(0, 12),
      scopes: ['admin'],
      approval,
      created_at: at,
      created_by: id,
      expires_at: null,
      last_used_at: null,
      revoked_at: null,
    },
    createHash('sha256').update(secret).digest('hex'),
    entry,
  );
  await store.close();
  return secret;
}
