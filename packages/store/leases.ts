import type { Engine } from './engine.ts';
import type { Trx } from './tables.ts';

/** A hold on a name that only one process has at a time. A later hold of the same name has a greater fence. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  /** Goes up with each new hold, and never down: writes that carry a lesser one come from a holder of the past. */
  readonly fence: number;
}

/** Work that one process does for all: who does it, and until when. Times are milliseconds since 1970. */
export interface LeaseStore {
  /**
   * Takes hold of a name for `leaseMs`, or goes on holding it. Undefined where somebody else does, whose hold has not run
   * out at `now`.
   */
  takeLease(of: { name: string; owner: string; now: number; leaseMs: number }): Promise<Lease | undefined>;
  /** Holds on for longer. False where the hold is another's by now: nothing more may be done under it. */
  renewLease(lease: Lease, now: number, leaseMs: number): Promise<boolean>;
  /** Lets go, so that another may begin at once. Where the hold is lost already there is nothing to do. */
  releaseLease(lease: Lease): Promise<void>;
}

export function sqlLeaseStore(engine: Engine): LeaseStore {
  return {
    takeLease: (of) => engine.write((trx) => takeLease(trx, of)),
    renewLease: (lease, now, leaseMs) => engine.write((trx) => renewLease(trx, lease, now + leaseMs)),
    releaseLease: (lease) => engine.write((trx) => releaseLease(trx, lease)),
  };
}

/** One statement decides, so that of several who try at once one wins. */
async function takeLease(
  trx: Trx,
  { name, owner, now, leaseMs }: { name: string; owner: string; now: number; leaseMs: number },
): Promise<Lease | undefined> {
  const row = await trx
    .insertInto('leases')
    .values({ name, owner, fence: 1, until_ms: now + leaseMs })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({
          // who holds it already goes on with the same fence, as long as it has not run out
          fence: eb
            .case()
            .when(eb.and([eb('leases.owner', '=', owner), eb('leases.until_ms', '>', now)]))
            .then(eb.ref('leases.fence'))
            .else(eb('leases.fence', '+', 1))
            .end(),
          owner,
          until_ms: now + leaseMs,
        }))
        .where((eb) => eb.or([eb('leases.owner', '=', owner), eb('leases.until_ms', '<=', now)])),
    )
    .returning('fence')
    .executeTakeFirst();
  return row && { name, owner, fence: row.fence };
}

async function renewLease(trx: Trx, lease: Lease, untilMs: number): Promise<boolean> {
  const row = await held(trx, lease).set({ until_ms: untilMs }).returning('fence').executeTakeFirst();
  return row !== undefined;
}

/** The row stays: its fence must never be given again. */
async function releaseLease(trx: Trx, lease: Lease): Promise<void> {
  await held(trx, lease).set({ until_ms: 0 }).execute();
}

/** Whoever took it in between has a greater fence. */
function held(trx: Trx, { name, fence }: Lease) {
  return trx.updateTable('leases').where('name', '=', name).where('fence', '=', fence).where('until_ms', '>', 0);
}
