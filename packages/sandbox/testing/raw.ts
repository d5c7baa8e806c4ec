import tls from 'node:tls';

/** An answer taken apart by hand, so that what a client library would hide can be looked at. */
export interface RawAnswer {
  status: number;
  reason: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

const WAIT_MS = 5_000;

/** Sends bytes over TLS and gives all that comes back until the other side hangs up (or has been quiet for `quietMs`). */
export function sendRaw(url: string, bytes: string | Buffer, quietMs = WAIT_MS): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const done = (): void => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    // The certificate is not what these tests are about; those that are compare its fingerprint.
    const socket = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      socket.write(bytes);
    });
    socket.setTimeout(quietMs, done);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', done);
    socket.on('close', done);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') reject(error);
      else done();
    });
  });
}

export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [line = '', ...fields] = (end === -1 ? text : text.slice(0, end)).split('\r\n');
  const [, status = '0', reason = ''] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(line) ?? [];
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  return {
    status: Number(status),
    reason,
    headers: Object.fromEntries(headers),
    body: end === -1 ? '' : text.slice(end + 4),
  };
}

/** A request's text: head, then body with its length. */
export function requestText(line: string, headers: Record<string, string> = {}, body?: string): string {
  const all = {
    Host: 'sandbox',
    Connection: 'close',
    ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${fields.join('')}\r\n${body ?? ''}`;
}

/** Sends one request and takes its answer apart. */
export async function ask(
  url: string,
  line: string,
  headers?: Record<string, string>,
  body?: string,
): Promise<RawAnswer> {
  return parseAnswer(await sendRaw(url, requestText(line, headers, body)));
}
