import { contains, dataset, given, is, not, oneOf, startsWith, type SummaryRow, text, time } from '../kit/index.ts';
import { actionWords } from './kinds.ts';
import { taskRows } from './rows.ts';

/** What has been done on the cluster, by whom, and how it ended. */
export const tasks = dataset({
  id: 'tasks',
  title: 'Tasks',
  weight: 8,
  counted: 'count',
  nouns: [
    {
      words: 'task|cluster task|node task|task history|job history|activity|event|action|operation|cluster activity',
      title: 'Tasks',
    },
    { words: 'what did|what changed|what (has|was) changed|what (has)? happened', title: 'Tasks' },
    {
      words: 'task error|error in (the)? (task log|log|task|tasks)|task failure|failed operation',
      where: is('status', 'failed'),
      title: 'Failed tasks',
    },
    { words: 'migration|live migration', where: is('action', 'migrate'), title: 'Migrations', weak: true },
    { words: 'backup task|vzdump task|vzdump', where: is('action', 'backup'), title: 'Backup tasks' },
    { words: 'happened|what happened|what was done|job|process|log entry|log', title: 'Tasks', weak: true },
  ],
  rows: taskRows,
  columns: {
    upid: text('UPID', 'upid', { words: 'upid|task id' }),
    node: text('NODE', 'node', { words: 'node|host', names: 'node' }),
    type: text('TYPE', 'type', { words: 'type|task type' }),
    action: given('ACTION', 'action', 'text', 'text', { values: actionWords }),
    what: given('TASK', 'what', 'text', 'text', { words: 'task|kind of task' }),
    target: text('ID', 'id', { words: 'id|object|target', absent: '' }),
    guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
    guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest|machine|guest name' }),
    user: given('USER', 'user', 'text', 'text', { words: 'user|who|by whom|owner|by', names: 'user' }),
    token: given('TOKEN', 'token', 'text', 'text', { words: 'token|api token' }),
    started: time('STARTED', 'starttime', { words: 'start time|started at|when|date|time' }),
    ended: time('ENDED', 'endtime', { words: 'end time|ended at|finished at', why: () => 'it is still running' }),
    duration: given('DURATION', 'duration', 'number', 'seconds', {
      words: 'duration|run time|runtime|time taken',
    }),
    status: given('STATUS', 'status', 'text', 'text', {
      words: 'status|result|outcome|state',
      values: {
        running: 'running|in progress|active|ongoing|current|under way|unfinished|still going|executing',
        ok: 'ok|successful|succeeded|completed|finished successfully|completed successfully',
        warning: 'with warnings|with a warning|warning|finished with warnings',
        failed:
          'failed|fail|failing|unsuccessful|broken|errored|aborted|with errors|with an error|in error|not successful|went wrong|failure',
      },
    }),
    exit: text('RESULT', 'status', {
      words: 'error|why|cause|exit status|message|reason|error message|exit message',
      why: () => 'it is still running',
    }),
  },
  identity: ['started', 'node', 'what', 'target'],
  shown: ['started', 'node', 'what', 'target', 'guest_name', 'user', 'status', 'duration', 'exit'],
  form: { column: 'upid', pattern: /^UPID:[\w.-]+:[\dA-F]+:[\dA-F]+:[\dA-F]+:\w+:[^:]*:[^:]+:$/i },
  scopes: { node: 'node', guest: 'guest', user: 'user' },
  time: 'started',
  events: true,
  quantities: [{ words: 'duration|run time|runtime|took|lasted', plain: 'duration', total: 'duration' }],
  grades: [
    { words: 'long|slow|lengthy', column: 'duration', dir: 'desc' },
    { words: 'short|quick|fast', column: 'duration', dir: 'asc' },
    { words: 'recent|new|last|late', column: 'started', dir: 'desc' },
    { words: 'old|early|first', column: 'started', dir: 'asc' },
  ],
  phrases: [
    {
      say: 'succeed|succeeded|successful|(go|went) (well|fine|through)|work|worked',
      where: oneOf('status', 'ok', 'warning'),
      not: is('status', 'failed'),
    },
    { say: 'finished|ended|over|completed', where: oneOf('status', 'ok', 'warning', 'failed') },
    {
      say: 'cancelled|canceled|interrupted',
      where: contains('exit', 'interrupt'),
      not: not(contains('exit', 'interrupt')),
      focus: ['exit'],
    },
    // The type of a guest is told by its id, where a task is of one.
    { say: 'vm|virtual machine|qemu', where: startsWith('guest', 'qemu/'), not: not(startsWith('guest', 'qemu/')) },
    { say: 'container|ct|lxc', where: startsWith('guest', 'lxc/'), not: not(startsWith('guest', 'lxc/')) },
    { say: 'done' },
    { say: 'touched|touch|messed with|worked on|tampered with' },
    { say: '(started|run|launched|triggered|initiated|kicked off|issued|done|made) by' },
    { say: 'by (a)? token|from (a)? token', where: { op: 'known', column: 'token' }, focus: ['token'] },
  ],
  order: [{ column: 'started', dir: 'desc' }],
  summary,
});

function summary(rows: readonly SummaryRow[]): string {
  const parts = [`${rows.length} task${rows.length === 1 ? '' : 's'}`];
  for (const status of ['running', 'ok', 'warning', 'failed']) {
    const count = rows.filter((row) => row('status') === status).length;
    if (count > 0) parts.push(`${count} ${status}`);
  }
  return parts.join(' · ');
}
