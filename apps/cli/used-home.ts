import { join } from 'node:path';
import { openStore, type Store } from '@pxa/assistant/store';
import { storeFile } from './changes/options.ts';
import { newHome } from './in-process.ts';

type AuditHead = Awaited<ReturnType<Store['auditHead']>>;

/** A home whose store holds one entry of the audit log, its head, and where the store could be exported to: for tests. */
export async function usedHome(): Promise<{ HOME: string; file: string; head: AuditHead }> {
  const HOME = newHome();
  const store = await openStore({ kind: 'sqlite', file: storeFile({ HOME }) }, { now: () => 0 });
  await store.audit({
    at: '2026-02-23T10:00:00.000Z',
    kind: 'note',
    who: 'anna',
    door: 'terminal',
    cluster: 'lab',
    plan_id: null,
    job_id: null,
    data: {},
  });
  const head = await store.auditHead();
  await store.close();
  return { HOME, file: join(HOME, 'export.jsonl'), head };
}
