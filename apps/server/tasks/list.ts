import { parseUpid } from '@pxa/assistant/routes';
import type { Filter, Query, Row } from '@pxa/contract';
import { type Connection, nameText } from '../connections/connection.ts';
import { unread } from '../connections/told.ts';
import { guestAsked, idOfType } from '../guests/ids.ts';
import { Cells } from '../http/cells.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import type { Service } from '../service.ts';
import { Task, type TaskListQuery } from './schemas.ts';

const COLUMNS = 'upid node type what target guest user token status exit started ended duration'.split(' ');

/** How far back a list goes where nothing is said: nodes keep some thousand tasks each. */
const USUAL_SECONDS = 7 * 86_400;

/** The tasks of a cluster that are asked for. One call a node. @throws Problem 422, 503 */
export async function listTasks(
  service: Service,
  { name, cluster }: Connection,
  query: TaskListQuery,
): Promise<{ tasks: Task[]; unavailable: { field: string; reason: string }[] }> {
  // With the nodes, which are read all the same: that none was found is an answer, also where a node does not tell.
  const nodes = { dataset: 'nodes', columns: ['node'] };
  const { views, lacks } = await lookAt(cluster, [lookOf(service, query), nodes]);
  return {
    tasks: (views[0]?.rows ?? []).map((row) => taskTold(service, name, row)),
    unavailable: unread({ lacks }),
  };
}

/** When a list begins: as it was asked for, or as usual. Milliseconds since 1970. */
export const sinceMs = ({ now }: Service, { since }: Pick<TaskListQuery, 'since'>): number =>
  since === undefined ? now() - USUAL_SECONDS * 1_000 : Date.parse(since);

function lookOf(service: Service, query: TaskListQuery): Query {
  const { node, user, type, status, until } = query;
  const equal = (column: string, value: string | undefined): Filter | undefined =>
    value === undefined ? undefined : same(column, value);
  const started = (is: '>=' | '<=', ms: number): Filter => ({
    op: 'compare',
    column: 'started',
    is,
    value: { at: ms / 1_000 },
  });
  const where = all(
    // One that is gone may still have tasks.
    equal('guest', guestAsked(service, 'guest', query.guest)?.guest),
    equal('node', node),
    equal('user', user),
    equal('type', type),
    equal('status', status),
    started('>=', sinceMs(service, query)),
    until === undefined ? undefined : started('<=', Date.parse(until)),
  );
  return { dataset: 'tasks', where, columns: COLUMNS };
}

/** A task as the service tells of it. */
function taskTold(service: Service, connection: string, row: Row): Task {
  const cells = new Cells(row);
  const upid = cells.text('upid') ?? '';
  const [type, vmid] = (cells.text('guest') ?? '').split('/');
  return {
    upid,
    id: nameText(service, connection, upid),
    connection,
    node: cells.text('node') ?? '',
    type: cells.text('type') ?? '',
    description: cells.text('what'),
    guest: type === undefined || vmid === undefined ? null : idOfType(service, connection, type, Number(vmid)),
    target: cells.text('target'),
    user: cells.text('user'),
    token: cells.text('token'),
    status: Task.shape.status.parse(cells.text('status')),
    exit_status: cells.text('exit'),
    started_at: cells.time('started'),
    ended_at: cells.time('ended'),
    duration_seconds: cells.number('duration'),
  };
}

/** One task by its UPID, which tells its node and when it began: one call. Undefined where there is none. @throws Problem 503 */
export async function findTask(
  service: Service,
  { name, cluster }: Connection,
  upid: string,
): Promise<Task | undefined> {
  const of = parseUpid(upid);
  if (of === undefined) return undefined;
  const began = { at: of.starttime };
  const where = all(
    same('node', of.node),
    same('upid', upid),
    { op: 'compare', column: 'started', is: '>=', value: began },
    { op: 'compare', column: 'started', is: '<=', value: began },
  );
  const { views } = await lookAt(cluster, [{ dataset: 'tasks', where, columns: COLUMNS }]);
  const row = views[0]?.rows[0];
  return row && taskTold(service, name, row);
}
