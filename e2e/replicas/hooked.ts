import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { Done } from './worker.ts';

/** How long, in the end, what has not come is waited for. */
const PATIENCE_MS = 120_000;

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readonly job?: { readonly id: string };
    readonly vm?: { readonly id: string; readonly status: string; readonly previous_status: string };
  };
}

/** Somebody who is told by a webhook, and refuses every fifth message. */
export class Hooked {
  readonly #server: Server;
  readonly #seen: Message[] = [];
  #count = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  /** Listens, and has the service tell it of jobs and of VMs. */
  static async start(admin: Client): Promise<Hooked> {
    const hooked = new Hooked();
    await new Promise<void>((resolve) => hooked.#server.listen(0, '127.0.0.1', resolve));
    const { port } = hooked.#server.address() as AddressInfo; // it listens on a port
    const body = { url: `http://127.0.0.1:${port}/`, events: ['job.completed', 'vm.status_changed'] };
    const made = await admin.send('POST', '/v1/webhooks', { body });
    if (made.status !== 201) throw new Error(`no webhook was made: ${made.status} ${JSON.stringify(made.body)}`);
    return hooked;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // without an encoding they are buffers
    this.#count += 1;
    if (this.#count % 5 === 0) {
      response.writeHead(503).end();
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Omit<Message, 'id'>; // the service sent it
    this.#seen.push({ ...body, id: String(request.headers['webhook-id']) });
    response.writeHead(204).end();
  }

  get count(): number {
    return this.#seen.length;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What is wrong with what came, once all of it could have come: nothing, where all is well. */
  async wrongs(done: readonly Done[]): Promise<string[]> {
    for (let waited = 0; waited < PATIENCE_MS && this.#jobs().size < done.length; waited += 500) await wait(500);
    return [...this.#lost(done), ...this.#doubled(), ...this.#disordered(), ...this.#contradicted()];
  }

  #jobs(): Set<string> {
    return new Set(this.#seen.flatMap(({ data }) => data.job?.id ?? []));
  }

  #lost(done: readonly Done[]): string[] {
    const told = this.#jobs();
    const asked = new Set(done.map(({ jobId }) => jobId));
    return [
      ...[...asked].filter((id) => !told.has(id)).map((id) => `nobody was told of ${id}`),
      ...[...told].filter((id) => !asked.has(id)).map((id) => `${id} was told of, and nobody asked for it`),
    ];
  }

  /** It may come twice, but always as the same event. */
  #doubled(): string[] {
    const ids = new Map<string, Set<string>>();
    for (const { id, data } of this.#seen) {
      if (data.job !== undefined) ids.set(data.job.id, (ids.get(data.job.id) ?? new Set<string>()).add(id));
    }
    return [...ids].flatMap(([job, events]) => (events.size === 1 ? [] : [`${job} is told by ${events.size} events`]));
  }

  #disordered(): string[] {
    const numbers = this.#first().map(({ id }) => Number(id.slice('evt_'.length)));
    return numbers.flatMap((number, index) => {
      const before = numbers[index - 1] ?? 0;
      return number > before ? [] : [`event ${number} came after ${before}`];
    });
  }

  /** Whatever a VM was said to be, the next that is said of it goes on from there. */
  #contradicted(): string[] {
    const last = new Map<string, string>();
    return this.#first().flatMap(({ data: { vm } }) => {
      if (vm === undefined) return [];
      const was = last.get(vm.id);
      last.set(vm.id, vm.status);
      return was === undefined || was === vm.previous_status ? [] : [`${vm.id} was ${was}, then ${vm.previous_status}`];
    });
  }

  /** Each event as it came first. */
  #first(): Message[] {
    return [...new Map(this.#seen.toReversed().map((message) => [message.id, message])).values()].toReversed();
  }
}
