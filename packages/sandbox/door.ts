import net from 'node:net';
import https from 'node:https';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Certificate } from './certificate.ts';

/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 0x16;
/** What pveproxy allows (BEHAVIOUR 9; AnyEvent.pm:52). */
export const IDLE_MS = 5_000;
const HANDSHAKE_MS = 10_000;
/** Request line and headers together; the finer limits are those of `limits.ts`. */
const HEAD_BYTES = 80 * 1024;
const PLAIN_HEAD_BYTES = 8 * 1024;

export interface Door {
  port: number;
  /** Shows another certificate from the next connection on; connections that are open are cut. */
  changeCertificate(certificate: Certificate): void;
  close(): Promise<void>;
}

export interface DoorOptions {
  host: string;
  port: number;
  certificate: Certificate;
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Listens as pveproxy does: HTTPS, and for plain HTTP on the same port a redirect to it. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const secure = secureServer(options);
  const sockets = new Set<net.Socket>();
  const listener = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.once('readable', () => sortOut(socket, secure));
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port, options.host, resolve);
  });
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (listener.address() as net.AddressInfo).port, // listening on a port, so never a pipe's name
    changeCertificate: ({ key, cert }) => {
      secure.setSecureContext({ key, cert });
      cutAll();
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
      cutAll();
      await closed;
    },
  };
}

function secureServer({ certificate, onRequest }: DoorOptions): https.Server {
  const server = https.createServer({
    key: certificate.key,
    cert: certificate.cert,
    minVersion: 'TLSv1.2',
    maxHeaderSize: HEAD_BYTES,
    keepAliveTimeout: IDLE_MS,
    keepAliveTimeoutBuffer: 0,
    handshakeTimeout: HANDSHAKE_MS,
    noDelay: true,
  });
  // Until a request is whole; `Server` lifts it while the request is worked on, as AnyEvent.pm:handle_request does.
  server.timeout = IDLE_MS;
  server.maxHeadersCount = 0;
  const listener: RequestListener = (request, response) => onRequest(request, response);
  server.on('request', listener);
  server.on('checkExpectation', listener);
  server.on('connect', (request: IncomingMessage, socket: net.Socket) => {
    socket.end(rawAnswer(`501 method '${request.method ?? ''}' not available`));
  });
  server.on('clientError', answerGarbage);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

/** What node's own parser refuses: other methods by name, as AnyEvent.pm does; the rest as a bad request. */
function answerGarbage(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: net.Socket | object): void {
  if (!(socket instanceof net.Socket)) return;
  const answerable = error.code?.startsWith('HPE_') && error.code !== 'HPE_HEADER_OVERFLOW';
  if (!answerable || !socket.writable) {
    socket.destroy();
    return;
  }
  const line = error.rawPacket?.toString('latin1').split('\r\n', 1)[0] ?? '';
  const method = /^([!-~]+) [!-~]+ HTTP\/1\.\d$/.exec(line)?.[1];
  const refused = error.code === 'HPE_INVALID_METHOD' && method !== undefined;
  socket.end(rawAnswer(refused ? `501 method '${method}' not available` : '400 bad request'));
}

function rawAnswer(statusLine: string): string {
  return `HTTP/1.1 ${statusLine}\r\nServer: pve-api-daemon/3.0\r\nConnection: close\r\n\r\n`;
}

/** Hands TLS to the HTTPS server and answers plain HTTP with where to go instead. */
function sortOut(socket: net.Socket, secure: https.Server): void {
  const first = socket.read() as Buffer | null; // no encoding is set, so bytes
  if (first === null) {
    socket.destroy();
    return;
  }
  if (first[0] === TLS_HANDSHAKE) {
    socket.setTimeout(0);
    socket.unshift(first);
    secure.emit('connection', socket);
    return;
  }
  redirect(socket, first);
}

function redirect(socket: net.Socket, first: Buffer): void {
  const head = first.subarray(0, PLAIN_HEAD_BYTES).toString('latin1');
  const [, method = '', target = ''] = /^([A-Z]+) (\/[^\s]*) HTTP\/1\.\d\r?\n/.exec(head) ?? [];
  const host = /^host:[ \t]*([^\s]+)/im.exec(head)?.[1];
  if (target === '' || host === undefined) {
    socket.end(rawAnswer('400 bad request'));
    return;
  }
  const line = method === 'GET' || method === 'HEAD' ? '301 Moved Permanently' : '308 Permanent Redirect';
  socket.end(
    `HTTP/1.1 ${line}\r\nLocation: https://${host}${target}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
