import { Courier } from '../webhooks/courier.ts';
import { Watcher, watcherOf } from '../watch/watcher.ts';
import type { App } from '../server.ts';
import { Teller, TELLER } from './teller.ts';

/**
 * Has what happens told, as soon as the service listens: one replica makes events of the audit log, and one of each
 * cluster; every replica brings them to webhooks.
 */
export function followEvents(app: App): void {
  const { service, leadership } = app;
  const courier = new Courier(service, (error) => app.log.error({ err: error }, 'a webhook was not served'));
  const teller = new Teller(service);
  // Before anything comes in: who leads is decided later, and what a first request brings about is to be told, too.
  app.addHook('onReady', () =>
    teller.begin().catch((error: unknown) => app.log.error({ err: error }, 'events are not followed yet')),
  );
  app.addHook('onListen', () => {
    leadership.lead(TELLER, teller.work);
    for (const [name, cluster] of service.clusters) {
      leadership.lead(watcherOf(name), new Watcher(name, cluster, service).work);
    }
    courier.start();
  });
  app.addHook('onClose', () => courier.close());
}
