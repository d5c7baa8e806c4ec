import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** Whether changes are refused for now. */
export interface MaintenanceState {
  readonly enabled: boolean;
  readonly message: string;
  /** Who switched it, and when; null where the settings did, or nobody ever. */
  readonly by: string | null;
  readonly since: string | null;
  /** By the settings of this replica: no request can end it. */
  readonly forced: boolean;
}

/** When to try again: nobody knows how long it takes, and who asks as often harms nobody. */
const RETRY_SECONDS = 60;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** As the settings have it, or else as it was switched for all replicas, read afresh. */
export async function maintenanceOf({ settings, kept }: Service): Promise<MaintenanceState> {
  const switched = await kept.maintenance();
  if (settings.maintenance) {
    return { enabled: true, message: switched?.message ?? '', by: null, since: null, forced: true };
  }
  const { enabled = false, message = '', by = null, at: since = null } = switched ?? {};
  return { enabled, message, by, since, forced: false };
}

/** Refuses what changes something while the service is maintained; reads go on. @throws Problem 503 */
export async function refuseInMaintenance(
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
): Promise<void> {
  if (READS.has(request.method) || request.routeOptions.config.inMaintenance === 'goes on') return;
  const { enabled, message } = await maintenanceOf(service);
  if (!enabled) return;
  reply.header('retry-after', RETRY_SECONDS);
  const said = message === '' ? 'The service is being maintained: changes are refused for now, reads go on.' : message;
  throw new Problem(503, 'MAINTENANCE_MODE', said, { reason: 'maintenance', retry_after_seconds: RETRY_SECONDS });
}
