import { Readable } from 'node:stream';
import { type AuditWanted, verifyAuditLog } from '@pxa/assistant/store';
import type { FastifyReply } from 'fastify';
import { answer, answerOf } from '../http/envelope.ts';
import { inForms } from '../http/forms.ts';
import type { App } from '../server.ts';
import type { Service } from '../service.ts';
import { type AuditListQuery, AuditListQuery as ListQuery, AuditPage, Verdict, VerifyQuery } from './schemas.ts';

const tags = ['audit'];

/** The audit log: who asked, approved and changed what. */
export async function auditRoutes(app: App): Promise<void> {
  listRoute(app);
  verifyRoute(app);
}

function listRoute(app: App): void {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'audit:read', limit: 'read' },
      schema: {
        operationId: 'listAuditRecords',
        summary: 'List the audit log by pages, or stream all of it with format=jsonl',
        tags,
        querystring: ListQuery,
        response: { 200: inForms(answerOf(AuditPage), 'application/x-ndjson') },
      },
    },
    async (request, reply) => {
      const { query } = request;
      if (query.format === 'jsonl') return streamed(reply, service, query);
      const records = await service.kept.auditPage(query, pageAfter(query, query.limit + 1));
      const page = records.slice(0, query.limit);
      const hasNext = records.length > query.limit;
      const next = hasNext ? String(page.at(-1)?.seq) : null;
      return answer(request, {
        records: page,
        pagination: { limit: query.limit, has_next: hasNext, next_cursor: next },
      });
    },
  );
}

type PageAfter = Parameters<Service['kept']['auditPage']>[1];

const pageAfter = ({ order, cursor }: AuditListQuery, limit: number): PageAfter => ({
  order,
  limit,
  after: cursor === undefined ? undefined : Number(cursor),
});

/** The log as JSON Lines, a page of the store at a time: however long it is, little of it is in memory. */
function streamed(reply: FastifyReply, { kept }: Service, query: AuditListQuery): never {
  const { limit: _, cursor: __, format: ___, ...wanted } = query;
  void reply.type('application/x-ndjson; charset=utf-8');
  void reply.send(Readable.from(lines(kept, wanted, pageAfter(query, STREAMED_AT_ONCE))));
  return reply as never; // what is sent already has no shape to hold against a schema
}

const STREAMED_AT_ONCE = 500;

async function* lines(kept: Service['kept'], wanted: AuditWanted, page: PageAfter): AsyncGenerator<string> {
  for (let after = page.after; ;) {
    const records = await kept.auditPage(wanted, { ...page, after });
    if (records.length > 0) yield records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const last = records.at(-1);
    if (last === undefined || records.length < page.limit) return;
    after = last.seq;
  }
}

function verifyRoute(app: App): void {
  app.get(
    '/verify',
    {
      config: { scope: 'audit:read', limit: 'bulk' },
      schema: {
        operationId: 'verifyAuditLog',
        summary: 'Check that no record of the audit log was edited, removed or put in',
        tags,
        querystring: VerifyQuery,
        response: { 200: answerOf(Verdict) },
      },
    },
    async (request) => {
      const verdict = await verifyAuditLog(app.service.store, request.query.noted);
      return answer(
        request,
        verdict.ok
          ? { intact: true, records: verdict.count, head: verdict.head, first_bad: null, problem: null }
          : { intact: false, records: null, head: null, first_bad: verdict.seq ?? null, problem: verdict.what },
      );
    },
  );
}
