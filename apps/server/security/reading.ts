import { z } from 'zod';
import { answer, answerOf } from '../http/envelope.ts';
import { countedPage, listed, Pagination } from '../http/pages.ts';
import type { App } from '../server.ts';
import { knownScan } from './known.ts';
import {
  FindingsQuery,
  FindingTold,
  ScanDetails,
  ScanListQuery,
  ScanParams,
  ScanSummary,
  TargetsQuery,
  TargetTold,
} from './schemas.ts';
import { targetRow } from './targets.ts';
import { findingTold, scanTold, scoreTold } from './told.ts';

const tags = ['security'];
const read = { scope: 'security:read', limit: 'read' } as const;

/** Scans that were asked for, and what they found. */
export function readingRoutes(app: App): void {
  listRoute(app);
  detailsRoute(app);
  targetsRoute(app);
}

function listRoute(app: App): void {
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
}

function detailsRoute(app: App): void {
  const { service } = app;
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
      const before = scan.status === 'running' ? await kept.scans() : [];
      const { rules } = await kept.scanDetail(scan.id);
      const told = { ...scanTold(service, scan, before), rules };
      return answer(request, { scan: told, findings, pagination });
    },
  );
}

function targetsRoute(app: App): void {
  const { service } = app;
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
      const { scores } = await service.kept.scanDetail(scan.id);
      const told = scores.map((each) => scoreTold(service, scan, each));
      const { rows, pagination } = listed(told, query, (each) => ({ key: each[query.sort] ?? -1, id: each.target }));
      return answer(request, { targets: rows, pagination });
    },
  );
}
