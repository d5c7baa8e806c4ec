import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Lab } from './lab.ts';

/** A connection below HTTP, for what no client would send. */
export class Raw {
  readonly #socket: Socket;
  #text = '';
  #isOver = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (part: Buffer) => (this.#text += part.toString('latin1')));
    socket.on('close', () => (this.#isOver = true));
    // A reset is an end like others here.
    socket.on('error', () => undefined);
  }

  /** To a lab that listens. */
  static async to(lab: Lab): Promise<Raw> {
    const { port } = lab.app.server.address() as AddressInfo; // it listens on a port
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve);
      socket.once('error', () => resolve());
    });
    return new Raw(socket);
  }

  send(text: string): this {
    this.#socket.write(text, 'latin1');
    return this;
  }

  /** All that came back until the other side closed. */
  ended(): Promise<string> {
    if (this.#isOver) return Promise.resolve(this.#text);
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve(this.#text));
    });
  }

  /** What came back, as soon as it shows this. */
  shows(what: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!what.test(this.#text)) return;
        this.#socket.off('data', look);
        resolve(this.#text);
      };
      this.#socket.on('data', look);
      look();
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** The status codes of the answers in a text, in their order. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
