import { dataset, draft, given, pointer, type RowsReader, text, time } from '../kit/index.ts';
import { statusOf } from './rows.ts';

/** What runs, and of each node the last that ended, from one light call: what a follower of the cluster looks at. */
const recentRows: RowsReader = async (reading) => {
  const got = await reading.list('/cluster/tasks', {});
  if (!got.ok) {
    reading.lacks('recent tasks', got.why, got.nextStep);
    return [];
  }
  return got.data.map((rec) => {
    const status = { value: statusOf(rec), at: pointer(rec.at, rec.data['endtime'] === undefined ? 'upid' : 'status') };
    return draft(`task/${String(rec.data['upid'])}`, rec, { status });
  });
};

/** The newest tasks, for programs that follow them: words ask for `tasks`, which are all of them. */
export const recentTasks = dataset({
  id: 'recent-tasks',
  title: 'Recent tasks',
  counted: 'count',
  nouns: [],
  rows: recentRows,
  columns: {
    upid: text('UPID', 'upid'),
    node: text('NODE', 'node'),
    type: text('TYPE', 'type'),
    target: text('ID', 'id', { absent: '' }),
    started: time('STARTED', 'starttime'),
    ended: time('ENDED', 'endtime', { why: () => 'it is still running' }),
    status: given('STATUS', 'status', 'text', 'text'),
    exit: text('RESULT', 'status', { why: () => 'it is still running' }),
  },
  identity: ['started', 'node', 'type', 'target'],
  shown: ['started', 'node', 'type', 'target', 'status', 'exit'],
  time: 'started',
});
