import type { Scan } from '@pxa/contract';
import { z } from 'zod';
import { callerKnown } from '../auth/caller.ts';
import { answer, answerOf } from '../http/envelope.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { readingRoutes } from './reading.ts';
import { remedyRoutes } from './remedies.ts';
import { Scans } from './scans.ts';
import { NewScan, ScanBegun } from './schemas.ts';
import { scopeOf } from './targets.ts';
import { begunTold } from './told.ts';

/** Security scans: asking for them, and what they found. */
export async function scanRoutes(app: App): Promise<void> {
  const { service } = app;
  const scans = new Scans(service, (error, scan) => app.log.error({ err: error, scan }, 'a scan broke off'));
  app.addHook('onClose', () => scans.close());
  app.leadership.lead('scans', ({ signal }) => scans.takeUp(signal));

  app.post(
    '',
    {
      config: { scope: 'security:write', limit: 'bulk' },
      schema: {
        operationId: 'createScan',
        summary: 'Begin a security scan',
        tags: ['security'],
        body: NewScan,
        response: { 202: answerOf(z.object({ scan: ScanBegun })) },
      },
    },
    async (request, reply) => {
      const { name } = callerKnown(request);
      const { connection, targets } = await scopeOf(service, request.body);
      const asked = newScan(service, request.body, { connection: connection.name, targets, by: name });
      const data = { id: asked.id, type: asked.type, connection: asked.connection };
      const whose = { who: name, door: 'rest', cluster: '', plan_id: null, job_id: null } as const;
      await service.kept.addScan(asked, { at: asked.created_at, kind: 'scan.requested', ...whose, data });
      await scans.begin(asked.id);
      const scan = (await service.kept.scan(asked.id)) ?? asked;
      return reply.code(202).send(answer(request, { scan: begunTold(scan, await service.kept.scans()) }));
    },
  );

  readingRoutes(app);
  await remedyRoutes(app);
}

function newScan(
  { id, now }: Service,
  { scan_type: type, scan_options: options }: NewScan,
  of: { connection: string; targets: string[] | null; by: string },
): Scan {
  return {
    id: id('scan'),
    type,
    connection: of.connection,
    targets: of.targets,
    deep_scan: options?.deep_scan ?? false,
    include_dependencies: options?.include_dependencies ?? false,
    status: 'pending',
    requested_by: of.by,
    created_at: new Date(now()).toISOString(),
    started_at: null,
    completed_at: null,
    error: null,
    result: null,
  };
}
