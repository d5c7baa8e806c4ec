import type { App } from '../server.ts';

/** Requests that are being answered may take so long, in all, when the service ends. */
const MOST_MS = 30_000;

/**
 * Ends the service without cutting anybody off: first it says for a while that nothing more is to be sent here, then it
 * takes no new connections, answers what has come in, lets go of its jobs, and closes. What takes too long is cut off.
 */
export async function drain(
  app: App,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
  mostMs = MOST_MS,
): Promise<void> {
  app.health.stop();
  if (app.server.listening) await sleep(app.service.settings.drain_seconds * 1_000);
  const closed = new AbortController();
  const late = sleep(mostMs, closed.signal).then(() => {
    if (!closed.signal.aborted) app.server.closeAllConnections();
  });
  await app.close();
  closed.abort();
  await late;
}
