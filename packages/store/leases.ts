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
  /** The same for several names at once, in one statement; gives those that are the owner's now. */
  takeLeases(of: { names: readonly string[]; owner: string; now: number; leaseMs: number }): Promise<Lease[]>;
  /** All that are held at `now`. */
  liveLeases(now: number): Promise<Pick<Lease, 'name' | 'owner'>[]>;
  /** Holds on for longer. False where the hold is another's by now: nothing more may be done under it. */
  renewLease(lease: Lease, now: number, leaseMs: number): Promise<boolean>;
  /** Lets go, so that another may begin at once. Where the hold is lost already there is nothing to do. */
  releaseLease(lease: Lease): Promise<void>;
}

export function sqlLeaseStore(engine: Engine): LeaseStore {
  return {
    takeLease: ({ name, ...of }) => engine.write(async (trx) => (await takeLeases(trx, { names: [name], ...of }))[0]),
    takeLeases: (of) => engine.write((trx) => takeLeases(trx, of)),
    liveLeases: (now) =>
      engine.look((db) => db.selectFrom('leases').select(['name', 'owner']).where('until_ms', '>', now).execute()),
    renewLease: (lease, now, leaseMs) => engine.write((trx) => renewLease(trx, lease, now + leaseMs)),
    releaseLease: (lease) => engine.write((trx) => releaseLease(trx, lease)),
  };
}

/** At most some thousands of names, far from what one statement of either engine takes. One statement decides, so that of several who try at once one wins. */
async function takeLeases(
  trx: Trx,
  { names, owner, now, leaseMs }: { names: readonly string[]; owner: string; now: number; leaseMs: number },
): Promise<Lease[]> {
  if (names.length === 0) return [];
  // in one order for all, so that no two who take several wait for each other
  const ordered = [...new Set(names)].sort();
  const rows = await trx
    .insertInto('leases')
    .values(ordered.map((name) => ({ name, owner, fence: 1, until_ms: now + leaseMs })))
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
    .returning(['name', 'fence'])
    .execute();
  return rows.map(({ name, fence }) => ({ name, owner, fence }));
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
