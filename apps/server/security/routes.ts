import type { Scan } from '@pxa/contract';
import { z } from 'zod';
import { callerKnown } from '../auth/caller.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { countedPage, listed, Pagination } from '../http/pages.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { knownScan } from './known.ts';
import { remedyRoutes } from './remedies.ts';
import { Scans } from './scans.ts';
import {
  FindingsQuery,
  FindingTold,
  NewScan,
  ScanBegun,
  ScanDetails,
  ScanListQuery,
  ScanParams,
  ScanSummary,
  TargetsQuery,
  TargetTold,
} from './schemas.ts';
import { scopeOf, targetRow } from './targets.ts';
import { begunTold, findingTold, scanTold, scoreTold } from './told.ts';

const tags = ['security'];
const read = { scope: 'security:read', limit: 'read' } as const;

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
        tags,
        body: NewScan,
        response: { 202: answerOf(z.object({ scan: ScanBegun })) },
      },
    },
    async (request, reply) => {
      const { name } = callerKnown(request);
      const { connection, targets } = await scopeOf(service, request.body);
      const asked = newScan(service, request.body, { connection: connection.name, targets, by: name });
      const data = { scan: asked.id, scan_type: asked.type, connection: asked.connection };
      const whose = { who: name, door: 'rest', cluster: '', plan_id: null, job_id: null } as const;
      await service.kept.addScan(asked, { at: asked.created_at, kind: 'scan.requested', ...whose, data });
      await scans.begin(asked.id);
      const scan = (await service.kept.scan(asked.id)) ?? asked;
      return reply.code(202).send(answer(request, { scan: begunTold(scan, await service.kept.scans()) }));
    },
  );

  readRoutes(app);
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

function readRoutes(app: App): void {
  const { service } = app;

  app.get(
    '',
    {
      config: read,
      schema: {
        operationId: 'listScans',
        summary: 'List the security scans, newest first',
        tags,
        querystring: ScanListQuery,
        response: { 200: answerOf(z.object({ scans: z.array(ScanSummary), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const all = await service.kept.scans();
      const told = all
        .filter(({ type }) => query.type === undefined || type === query.type)
        .filter(({ status }) => query.status === undefined || status === query.status)
        .filter(({ connection }) => query.connection === undefined || connection === query.connection)
        .map((scan) => scanTold(service, scan, all));
      const { rows, pagination } = listed(told, query, (scan) => ({ key: scan[query.sort] ?? '', id: scan.id }));
      return answer(request, { scans: rows, pagination });
    },
  );

  app.get(
    '/:scan_id',
    {
      config: read,
      schema: {
        operationId: 'getScan',
        summary: 'Show a security scan with its findings, the gravest first',
        tags,
        params: ScanParams,
        querystring: FindingsQuery,
        response: {
          200: answerOf(z.object({ scan: ScanDetails, findings: z.array(FindingTold), pagination: Pagination })),
        },
      },
    },
    async (request) => {
      const { severity, target, rule, ...page } = request.query;
      const { kept } = service;
      const scan = await knownScan(service, request.params.scan_id);
      const row = target === undefined ? undefined : targetRow(service, target);
      const of = { scanId: scan.id, severity, target: row, rule };
      const { rows, pagination } = await countedPage(page, {
        total: await kept.countFindings(of),
        before: (number) => kept.countFindings(of, { order: page.order, number }),
        rows: (offset, limit) => kept.scanFindings(of, { order: page.order, offset, limit }),
        number: ({ number }) => number,
      });
      const findings = rows.map(({ finding }) => findingTold(service, scan, finding));
      const told = { ...scanTold(service, scan, await kept.scans()), rules: scan.result?.rules ?? [] };
      return answer(request, { scan: told, findings, pagination });
    },
  );

  app.get(
    '/:scan_id/targets',
    {
      config: read,
      schema: {
        operationId: 'listScanTargets',
        summary: 'List what a security scan looked at, with the score of each',
        tags,
        params: ScanParams,
        querystring: TargetsQuery,
        response: { 200: answerOf(z.object({ targets: z.array(TargetTold), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const scan = await knownScan(service, request.params.scan_id);
      const told = (await service.kept.scanScores(scan.id)).map((each) => scoreTold(service, scan, each));
      const { rows, pagination } = listed(told, query, (each) => ({ key: each[query.sort] ?? -1, id: each.target }));
      return answer(request, { targets: rows, pagination });
    },
  );
}
