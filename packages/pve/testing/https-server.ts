import { X509Certificate } from 'node:crypto';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import type { RequestListener } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { generate } from 'selfsigned';

/** A key and certificate made for a test, and its SHA-256 fingerprint. */
export interface TestCertificate {
  key: string;
  cert: string;
  fingerprint: string;
}

export interface CertificateOptions {
  /** Addresses and names that it is for; default 127.0.0.1. */
  names?: string[];
  /** Days from now; default from yesterday to tomorrow. */
  days?: [from: number, to: number];
  signedBy?: TestCertificate;
}

const DAY_MS = 24 * 3_600_000;

/** A certificate as broken or sound as a test needs it; without `signedBy`, it signs itself. */
export async function certificate(options: CertificateOptions = {}): Promise<TestCertificate> {
  const { names = ['127.0.0.1'], days = [-1, 1], signedBy } = options;
  const altNames = names.map((name) =>
    /^[\d.]+$/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  );
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'test' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + days[0] * DAY_MS),
    notAfterDate: new Date(Date.now() + days[1] * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: signedBy === undefined, critical: true },
      { name: 'subjectAltName', altNames },
    ],
    ...(signedBy === undefined ? {} : { ca: { key: signedBy.key, cert: signedBy.cert } }),
  });
  return { key: made.private, cert: made.cert, fingerprint: new X509Certificate(made.cert).fingerprint256 };
}

/** A server under test's control. `requests` are those whose head arrived; `connections` those that were opened. */
export interface TestServer {
  url: string;
  port: number;
  requests: string[];
  connections: () => number;
  close: () => Promise<void>;
}

/** A real HTTPS server for what the sandbox would never do. */
export async function httpsServer(
  { key, cert }: TestCertificate,
  listener: RequestListener,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<TestServer> {
  const requests: string[] = [];
  const server: HttpsServer = createHttps({ key, cert, keepAliveTimeout: 5_000 }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  return listening(server, { scheme: 'https', host, port, requests });
}

/** A server that speaks whatever `talk` says to whoever connects. */
export function tcpServer(talk: (socket: Socket) => void): Promise<TestServer> {
  const server = createTcp((socket) => {
    socket.on('error', () => socket.destroy());
    talk(socket);
  });
  return listening(server, { scheme: 'https', host: '127.0.0.1', port: 0, requests: [] });
}

async function listening(
  server: Server,
  { scheme, host, port, requests }: { scheme: string; host: string; port: number; requests: string[] },
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo; // It listens on a port, so this is no pipe's name.
  return {
    url: `${scheme}://${host}:${bound}`,
    port: bound,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port of this machine on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await tcpServer(() => undefined);
  await server.close();
  return server.port;
}
