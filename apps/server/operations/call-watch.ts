import type { Call } from '@pxa/contract';

/** A call to Proxmox as it ended, and by which connection it went. */
export interface WatchedCall extends Call {
  readonly connection: string;
}

/** Tells whoever counts or traces of each call to Proxmox that the service makes. */
export class CallWatch {
  readonly #listeners = new Set<(call: WatchedCall) => void>();

  /** Tells of each call from now on; gives how to stop listening. */
  listen(listener: (call: WatchedCall) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What a cluster's client is to tell its calls to. */
  of(connection: string): (call: Call) => void {
    return (call) => {
      for (const listener of this.#listeners) listener({ ...call, connection });
    };
  }
}
