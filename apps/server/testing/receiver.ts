import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it came. */
export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: {
    readonly event: string;
    readonly timestamp: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly webhook: { readonly id: string; readonly attempt: number };
  };
}

/** What a receiver does with a message: a status, or anything else that it may do to it. */
export type Reaction = number | ((request: IncomingMessage, response: ServerResponse) => void);

/** Somebody who takes in webhooks on this machine, and fails as a test programs it; after that it answers 204. */
export class Receiver {
  readonly seen: Received[] = [];
  readonly #server: Server;
  readonly #reactions: Reaction[] = [];

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`; // it listens on a port
  }

  /** How the next messages are met, one after the other. */
  next(...reactions: Reaction[]): void {
    this.#reactions.push(...reactions);
  }

  /** From now on it takes everything. */
  mend(): void {
    this.#reactions.length = 0;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // without an encoding they are buffers
    const text = Buffer.concat(chunks).toString('utf8');
    this.seen.push({ headers: request.headers, text, body: JSON.parse(text) as Received['body'] }); // we sent it
    const reaction = this.#reactions.shift() ?? 204;
    if (typeof reaction === 'number') response.writeHead(reaction).end(reaction === 204 ? '' : `said ${reaction}`);
    else reaction(request, response);
  }
}
