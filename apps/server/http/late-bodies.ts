import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/**
 * Drops requests whose body comes too slowly: JSON has to be there as a whole in this time, and a file may not pause for
 * as long. A file that waits because Proxmox takes no more is not its sender's fault.
 */
export function dropLateBodies(app: FastifyInstance, bodyMs: number): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!hasBody(request)) return;
    const isFile = request.headers['content-type']?.startsWith('multipart/') === true;
    if (isFile) dropWhenPaused(request, bodyMs);
    else dropAfter(request, reply, bodyMs);
  });
  // What is left of a body that was refused is not read to its end for the sake of the connection.
  app.addHook('onSend', async (request, reply) => {
    if (hasBody(request) && !request.raw.complete) reply.header('connection', 'close');
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

function dropAfter({ raw }: FastifyRequest, reply: FastifyReply, bodyMs: number): void {
  const timer = setTimeout(() => {
    if (raw.complete || raw.destroyed) return;
    const late = new Problem(408, 'REQUEST_TIMEOUT', `The body did not arrive within ${bodyMs / 1_000} seconds.`);
    // Whoever reads the body hears of it as an error of the body, and answers; where nobody does, the connection ends.
    if (reply.sent || raw.listenerCount('error') === 0) raw.destroy();
    else raw.emit('error', Object.assign(late, { statusCode: late.status }));
  }, bodyMs);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
  raw.once('end', () => clearTimeout(timer));
}

/** A pause is told from so many looks in its time. */
const LOOKS = 5;

function dropWhenPaused({ raw }: FastifyRequest, bodyMs: number): void {
  let seen = raw.socket.bytesRead;
  let idle = 0;
  const timer = setInterval(() => {
    const { bytesRead } = raw.socket;
    const isWaiting = raw.readableLength >= raw.readableHighWaterMark;
    idle = bytesRead === seen && !isWaiting ? idle + 1 : 0;
    seen = bytesRead;
    if (raw.complete) clearInterval(timer);
    else if (idle >= LOOKS) raw.destroy();
  }, bodyMs / LOOKS);
  timer.unref();
  raw.once('close', () => clearInterval(timer));
}
