import { appendAudit } from './audit-log.ts';
import type { Engine } from './engine.ts';
import type { AuditEntry } from './store.ts';
import type { Looking, Trx } from './tables.ts';

/** Whether changes are refused for a while, and who said so. */
export interface Maintenance {
  readonly enabled: boolean;
  /** What callers are told; empty: nothing in particular. */
  readonly message: string;
  readonly by: string;
  readonly at: string;
}

/** What all replicas follow at once. */
export interface SwitchStore {
  /** As it was last set; undefined where it never was. */
  maintenance(): Promise<Maintenance | undefined>;
  setMaintenance(to: Maintenance, audit: AuditEntry): Promise<void>;
}

export function sqlSwitchStore(engine: Engine): SwitchStore {
  return {
    maintenance: () => engine.look(readMaintenance),
    setMaintenance: (to, audit) => engine.write((trx) => writeMaintenance(trx, to, audit)),
  };
}

const NAME = 'maintenance';

async function readMaintenance(db: Looking): Promise<Maintenance | undefined> {
  const row = await db.selectFrom('switches').select('body').where('name', '=', NAME).executeTakeFirst();
  return row && (JSON.parse(row.body) as Maintenance); // writeMaintenance wrote it
}

async function writeMaintenance(trx: Trx, to: Maintenance, audit: AuditEntry): Promise<void> {
  const body = JSON.stringify(to);
  await trx
    .insertInto('switches')
    .values({ name: NAME, body })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ body }))
    .execute();
  await appendAudit(trx, audit);
}
