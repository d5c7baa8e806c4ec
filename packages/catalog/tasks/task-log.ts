import { count, dataset, draft, type Draft, given, type RowsReader, text } from '../kit/index.ts';

/** The lines of the logs of the tasks that are named: Proxmox knows no log of everything. */
const rows: RowsReader = async (reading) => {
  const asked = reading.only('task')?.map(String) ?? [];
  if (asked.length === 0)
    reading.lacks('the log', 'no task was named', 'Name a task by its UPID; "list the tasks" shows them.');
  const logs = await reading.each(asked, async (task): Promise<Draft[]> => {
    const upid = task.replace(/^task\//, '');
    const node = /^UPID:([^:]+):/.exec(upid)?.[1];
    if (node === undefined) {
      reading.lacks(
        `the log of ${task}`,
        'it is not a UPID',
        'A UPID looks like UPID:pve1:0000A1B2:…:qmstart:100:root@pam:',
      );
      return [];
    }
    // limit 0: the whole log; without it, Proxmox sends 50 lines.
    const got = await reading.list('/nodes/{node}/tasks/{upid}/log', { node, upid, limit: 0 });
    if (!got.ok) {
      reading.lacks(`the log of ${upid}`, got.why, got.nextStep);
      return [];
    }
    return got.data.map((rec) =>
      draft(`task/${upid}#${String(rec.data['n'])}`, rec, {
        task: { value: upid, at: got.at },
        node: { value: node, at: got.at },
      }),
    );
  });
  return logs.flat();
};

/** What a task wrote while it ran. */
export const taskLog = dataset({
  id: 'task-log',
  title: 'Task log',
  counted: 'count',
  nouns: [
    { words: 'task log|log of the task|log of task|task output', title: 'Task log' },
    { words: 'log|log line|output', title: 'Task log', weak: true },
  ],
  rows,
  columns: {
    task: given('TASK', 'task', 'text', 'text', { words: 'task|upid' }),
    node: given('NODE', 'node', 'text', 'text', { names: 'node' }),
    n: count('LINE', 'n', { words: 'line|line number' }),
    text: text('TEXT', 't', { words: 'text|message', absent: '' }),
  },
  identity: ['n'],
  shown: ['n', 'text'],
  order: [{ column: 'n', dir: 'asc' }],
});
