import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Ended } from './failure.ts';

const unpack = promisify(gunzip);

/**
 * The whole body as text, unpacked. At most `maxBytes` are read and at most `maxBytes` are unpacked.
 *
 * @throws Ended `too_large`, `dropped`, or `not_http` for an encoding that was not asked for.
 */
export async function readBody(response: IncomingMessage, maxBytes: number, stop: AbortSignal): Promise<string> {
  const packed = await collect(response, maxBytes, stop);
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return packed.toString('utf8');
  if (encoding !== 'gzip') throw new Ended('not_http', `the answer is packed as ${encoding}, which was not asked for`);
  if (packed.length === 0) return '';
  try {
    return (await unpack(packed, { maxOutputLength: maxBytes })).toString('utf8');
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw new Ended(tooLarge ? 'too_large' : 'not_http', tooLarge ? tooLargeText(maxBytes) : 'the gzip data is broken');
  }
}

function collect(response: IncomingMessage, maxBytes: number, stop: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const abort = (): void => void response.destroy(new Ended('cancelled', 'stopped'));
    stop.addEventListener('abort', abort, { once: true });
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxBytes) response.destroy(new Ended('too_large', tooLargeText(maxBytes)));
    });
    response.once('end', () => resolve(Buffer.concat(chunks)));
    response.on('error', reject);
    response.once('close', () => {
      stop.removeEventListener('abort', abort);
      if (!response.readableEnded)
        reject(new Ended('dropped', 'the connection was closed in the middle of the answer'));
    });
  });
}

function tooLargeText(maxBytes: number): string {
  return `the answer is larger than ${maxBytes} bytes`;
}
