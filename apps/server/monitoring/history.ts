import { z } from 'zod';
import type { Assistant } from '@pxa/assistant';
import { readNamed } from '../connections/connection.ts';
import { unread } from '../connections/told.ts';
import { knownGuest, type Kind } from '../guests/ids.ts';
import { answer, answerOf, type Unavailable } from '../http/envelope.ts';
import { same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable } from '../http/problem.ts';
import { knownNode } from '../nodes/known.ts';
import type { App } from '../server.ts';
import { FIGURES, METRICS, Metric, Period, PERIODS, seriesOf, SeriesTold } from './series.ts';

const Query = z.strictObject({
  period: Period.default('1h'),
  /** Parted by commas; all of them where left out. */
  metrics: z.string().min(1).optional(),
});

const config = { scope: 'monitoring:read', limit: 'read' } as const;
const tags = ['monitoring'];

/** What VMs, containers and nodes have used over time, as Proxmox recorded it. */
export async function historyRoutes(app: App): Promise<void> {
  guestRoute(app, 'vm', { path: '/vms/:vm_id/metrics', operationId: 'getVmMetrics', of: 'a VM' });
  guestRoute(app, 'ct', {
    path: '/containers/:container_id/metrics',
    operationId: 'getContainerMetrics',
    of: 'a container',
  });
  nodeRoute(app);
}

const response = { 200: answerOf(z.object({ metrics: SeriesTold })) };

function guestRoute(
  app: App,
  kind: Kind,
  { path, operationId, of }: { path: string; operationId: string; of: string },
): void {
  const param = kind === 'vm' ? 'vm_id' : 'container_id';
  const params = z.object({ [param]: z.string() });
  const summary = `Show what ${of} used over time`;
  app.get(
    path,
    { config, schema: { operationId, summary, tags, params, querystring: Query, response } },
    async (request) => {
      const { period, metrics: asked } = request.query;
      const metrics = metricsOf(asked);
      const id = await knownGuest(app.service, kind, request.params[param] ?? '');
      const told = await history(id.cluster, { dataset: 'guest-history', own: id.guest, kind, period, metrics });
      return answer(request, { metrics: { id: id.text, ...told.series } }, told.unavailable);
    },
  );
}

function nodeRoute(app: App): void {
  const { service } = app;
  app.get(
    '/nodes/:node_id/metrics',
    {
      config,
      schema: {
        operationId: 'getNodeMetrics',
        summary: 'Show what a node used over time',
        tags,
        params: z.object({ node_id: z.string() }),
        querystring: Query,
        response,
      },
    },
    async (request) => {
      const { period, metrics: asked } = request.query;
      const metrics = metricsOf(asked);
      const text = request.params.node_id;
      await knownNode(service, text);
      const { cluster, own } = readNamed(service, text);
      const told = await history(cluster, { dataset: 'node-history', own, kind: 'node', period, metrics });
      return answer(request, { metrics: { id: text, ...told.series } }, told.unavailable);
    },
  );
}

/** @throws Problem 422 where one of them is none */
function metricsOf(text: string | undefined): readonly Metric[] {
  if (text === undefined) return METRICS;
  return text.split(',').map((name) => {
    const metric = Metric.safeParse(name.trim());
    if (metric.success) return metric.data;
    throw notAcceptable(`There is no metric “${name}”. There are: ${METRICS.join(', ')}.`, {
      field: 'metrics',
      reason: 'must_be_one_of',
      provided_value: name,
    });
  });
}

interface Wanted {
  readonly dataset: 'guest-history' | 'node-history';
  /** The guest or node, as the catalogue names it. */
  readonly own: string;
  readonly kind: keyof typeof FIGURES;
  readonly period: z.infer<typeof Period>;
  readonly metrics: readonly Metric[];
}

async function history(
  cluster: Assistant,
  { dataset, own, kind, period, metrics }: Wanted,
): Promise<{ series: Omit<z.infer<typeof SeriesTold>, 'id'>; unavailable: Unavailable[] }> {
  const figures = FIGURES[kind].filter(({ metric }) => metrics.includes(metric));
  const seconds = PERIODS[period];
  const { views, lacks, now } = await lookAt(cluster, [
    {
      dataset,
      where: same(kind === 'node' ? 'node' : 'guest', own),
      columns: ['time', ...figures.map(({ column }) => column)],
      window: { from: { ago: seconds } },
    },
    // A machine that was off all the time has no samples, which is an answer as well.
    { dataset: 'nodes', columns: ['node'] },
  ]);
  const span = { from: now - seconds, to: now };
  const series = {
    period,
    from: new Date(span.from * 1_000).toISOString(),
    to: new Date(span.to * 1_000).toISOString(),
    ...seriesOf(views[0]?.rows ?? [], figures, span),
  };
  const lacking = unread({ lacks });
  const gaps = gapsOf(series.series, lacking[0]?.reason ?? NO_SAMPLE);
  return { series, unavailable: [...lacking, ...gaps, ...(kind === 'vm' ? untold(metrics) : [])] };
}

const NO_SAMPLE = 'There is no sample of this time: it was off, or this version does not record it.';

/** Figures without a single sample, and why. */
function gapsOf(series: z.infer<typeof SeriesTold>['series'], reason: string): Unavailable[] {
  const empty = series.filter(({ values }) => values.every((value) => value === null));
  return empty.map(({ name }) => ({ field: name, reason }));
}

function untold(metrics: readonly Metric[]): Unavailable[] {
  const reason = 'How full the file systems in a VM are, Proxmox does not record.';
  return metrics.includes('disk') ? [{ field: 'disk_usage_percent', reason }] : [];
}
