import { once } from 'node:events';
import { createServer, request as sendOn, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What balances load in front of replicas: it hands each request to the next one that runs, and knows nothing of it. */
export class Balancer {
  readonly #server: Server;
  readonly #ports: () => readonly number[];
  #next = 0;

  private constructor(ports: () => readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((request, response) => this.#pass(request, response));
  }

  static async start(ports: () => readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on a port
    return `http://127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const ports = this.#ports();
    const port = ports[this.#next++ % ports.length];
    if (port === undefined) return refuse(response, 503);
    const { url, method, headers } = request;
    const on = sendOn({ host: '127.0.0.1', port, path: url, method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    // Whether the replica had acted before it died, nobody knows here: the client asks again under its key.
    on.on('error', () => refuse(response, 502));
    request.pipe(on);
  }
}

function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status).end();
}
