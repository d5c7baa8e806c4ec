import type { Call } from '../behaviour.ts';
import { poolUsed } from '../load.ts';
import type { StoragePool } from '../state/model.ts';

/** Thrown where a storage has no room for what is being written to it. */
export class NoSpace extends Error {
  constructor() {
    super('No space left on device');
  }
}

/** What is written to a storage before it is a volume of its own: it takes room, and gives it back. */
export class Writing {
  private readonly call: Call;
  private readonly pool: StoragePool;
  private taken = 0;

  constructor(call: Call, pool: StoragePool) {
    this.call = call;
    this.pool = pool;
  }

  take(bytes: number): void {
    const used = poolUsed(this.call.state, this.pool, this.call.clock.now() / 1000);
    if (used + bytes > this.pool.total) throw new NoSpace();
    this.pool.base += bytes;
    this.taken += bytes;
  }

  /** The room is free again, or becomes that of the finished volume. */
  release(): void {
    this.pool.base -= this.taken;
    this.taken = 0;
  }
}
