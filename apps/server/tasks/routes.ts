import { z } from 'zod';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { fromEach, readNamed } from '../connections/connection.ts';
import { guestAsked } from '../guests/ids.ts';
import { Cells } from '../http/cells.ts';
import { answer, answerOf } from '../http/envelope.ts';
import { same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { listed, Pagination } from '../http/pages.ts';
import { notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { findTask, listTasks, sinceMs } from './list.ts';
import { LogLine, LogQuery, Task, TaskListQuery, TaskParams } from './schemas.ts';

const tags = ['tasks'];

/** Proxmox's own tasks: what was done on the cluster, by whom, and how it ended. */
export async function taskRoutes(app: App): Promise<void> {
  listRoute(app);
  showRoute(app);
  stopRoute(app);
}

function listRoute(app: App): void {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'job:read', limit: 'read' },
      schema: {
        operationId: 'listTasks',
        summary: 'List Proxmox tasks, of the last week unless said otherwise',
        tags,
        querystring: TaskListQuery,
        response: {
          200: answerOf(z.object({ tasks: z.array(Task), since: z.string(), pagination: Pagination })),
        },
      },
    },
    async (request) => {
      const { query } = request;
      const only = query.connection ?? guestAsked(service, 'guest', query.guest)?.connection;
      const { found, unavailable } = await fromEach(service, only, (connection) =>
        listTasks(service, connection, query),
      );
      const { rows, pagination } = listed(
        found.flatMap(({ tasks }) => tasks),
        query,
        (task) => ({ key: task[query.sort] ?? -1, id: task.id }),
      );
      const since = new Date(sinceMs(service, query)).toISOString();
      const lacking = [...unavailable, ...found.flatMap((each) => each.unavailable)];
      return answer(request, { tasks: rows, since, pagination }, lacking);
    },
  );
}

function showRoute(app: App): void {
  const { service } = app;
  app.get(
    '/:upid',
    {
      config: { scope: 'job:read', limit: 'read' },
      schema: {
        operationId: 'getTask',
        summary: 'Show a Proxmox task with the last lines of its log',
        tags,
        params: TaskParams,
        querystring: LogQuery,
        response: {
          200: answerOf(z.object({ task: Task, log: z.array(LogLine), log_lines: z.int().nullable() })),
        },
      },
    },
    async (request) => {
      const { upid } = request.params;
      const named = readNamed(service, upid);
      const task = await findTask(service, named, named.own);
      if (task === undefined) throw notFound('task', upid);
      const of = { dataset: 'task-log', where: same('task', task.upid), columns: ['n', 'text'] };
      const { views, lacks } = await lookAt(named.cluster, [of]);
      const lines = (views[0]?.rows ?? []).map((row) => new Cells(row));
      const log = lines.map((line) => ({ line: line.whole('n') ?? 0, text: line.text('text') ?? '' }));
      const unavailable = lacks.map(({ why }) => ({ field: 'log', reason: why }));
      const total = unavailable.length === 0 ? log.length : null;
      const last = log.slice(Math.max(0, log.length - request.query.lines));
      return answer(request, { task, log: last, log_lines: total }, unavailable);
    },
  );
}

function stopRoute(app: App): void {
  const { service } = app;
  app.delete(
    '/:upid',
    {
      config: { scope: 'job:write', limit: 'vm' },
      schema: {
        operationId: 'stopTask',
        summary: 'Stop a running Proxmox task',
        tags,
        params: TaskParams,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const { upid } = request.params;
      const named = readNamed(service, upid);
      const task = await findTask(service, named, named.own);
      if (task === undefined) throw notFound('task', upid);
      const says = `stop the task ${task.description ?? task.type}`;
      const command = { action: 'task.stop', targets: [], input: { upid: task.upid }, says };
      return carry(request, reply, named.cluster, command);
    },
  );
}
