import { parseUpid } from '@pxa/pve/upid';
import { asText } from '@pxa/pve/values';
import { action, already, call, factAt, needed, piece, type Planned, type Planning, refused } from '../kit/index.ts';
import { kindOf } from './kinds.ts';

/** A task that runs. */
interface Running {
  readonly upid: string;
  readonly node: string;
  readonly type: string;
  readonly id: string;
  readonly user: string;
}

/** The tasks that run on the nodes that are online (of `/cluster/tasks`, a token without Sys.Audit sees none). */
async function runningTasks(planning: Planning): Promise<Running[]> {
  const nodes = (await planning.nodes()).filter(({ online }) => online);
  const lists = await Promise.all(
    nodes.map(async ({ node }) => {
      const got = await planning.list('/nodes/{node}/tasks', { node, source: 'active', limit: 500 });
      return needed(got, `The tasks of ${node}`).filter(({ data }) => data['endtime'] === undefined);
    }),
  );
  return lists.flat().map(({ data }) => ({
    upid: String(data['upid']),
    node: String(data['node']),
    type: String(data['type']),
    id: asText(data['id']) ?? '',
    user: asText(data['user']) ?? '',
  }));
}

/** What is left behind by a task that is stopped, by what it does. */
const leaves: Readonly<Record<string, string>> = {
  backup:
    'The backup of the guest under way is not finished, and its part is removed; the guests of the same run after it are not backed up.',
  migrate: 'The guest stays where it is; copied disks may be left on the target.',
  clone: 'The copy is removed as far as it got.',
  restore: 'The guest that is restored stays behind incomplete: delete it, or restore again.',
  create: 'The guest may stay behind incomplete.',
  move: 'The disk stays where it was; a part of its copy may be left on the target.',
  download: 'What was downloaded so far is removed.',
  shutdown: 'The guest may shut down all the same: it has been asked to.',
  'start-all': 'Guests that were started stay so.',
  'stop-all': 'Guests that were stopped stay so.',
  'migrate-all': 'Guests that moved stay there; the one under way may go on.',
  snapshot: 'The guest may stay locked (snapshot) until it is unlocked on its node.',
  destroy: 'The guest may stay behind without some of its disks.',
  update: 'Nothing is left behind.',
};

const textOf = ({ type, id, node }: Running): string => `${kindOf(type).says}${id === '' ? '' : ` ${id}`} on ${node}`;

function stopping(task: Running): Planned {
  const { upid, node, type } = task;
  const says = `Stop the task: ${textOf(task)}`;
  const path = `/nodes/${node}/tasks/${upid}/status`;
  const left = leaves[kindOf(type).action] ?? 'What it was doing is left half done: look at its log.';
  return piece({
    says,
    steps: [
      {
        ...call('DELETE', '/nodes/{node}/tasks/{upid}', { node, upid }, says),
        node,
        limitSeconds: 60,
        relies: [factAt(`task ${textOf(task)}`, path, ['status'], 'running')],
        expects: [factAt(`task ${textOf(task)}`, path, ['status'], 'stopped')],
      },
    ],
    warnings: [left, ...(task.user === '' ? [] : [`It was begun by ${task.user}.`])],
    changes: [{ about: textOf(task), key: 'task', before: 'running', after: 'stopped' }],
  });
}

async function byUpid(planning: Planning, said: string): Promise<Planned> {
  const parsed = parseUpid(said) ?? parseUpid(`${said}:`);
  if (parsed === undefined)
    return refused({
      why: `“${said}” is no id of a task.`,
      next: 'Copy the whole of it, from “UPID:” to the last colon; “list running tasks” shows them.',
      say: 'list running tasks',
    });
  const upid = said.endsWith(':') ? said : `${said}:`;
  const { node, type, id, user } = parsed;
  const status = needed(await planning.read('/nodes/{node}/tasks/{upid}/status', { node, upid }), `Task ${said}`);
  const task: Running = { upid, node, type, id, user };
  if (status.status !== 'running') return already(`The task has ended already: ${textOf(task)}.`);
  return stopping(task);
}

export const stopTask = action({
  id: 'task.stop',
  verb: 'stop the task',
  risk: 'disruptive',
  say: [
    '(stop|cancel|abort|kill|end|interrupt|terminate) [running] (task|tasks|job|upid) {upid}',
    '(stop|cancel|abort|kill|end|interrupt|terminate) [running|current] {what} [task|job] (of|for|on) {guest}',
    '(stop|cancel|abort|kill|end|interrupt|terminate) [running|current] {what} [task|job] (on|at) {node}',
    '(stop|cancel|abort|kill|end|interrupt|terminate) (running|current) {what} [task|job]',
    '(stop|cancel|abort|kill) [running|current] (task|tasks) (of|for|on) {guest}',
  ],
  input: {
    upid: { kind: 'word', say: [] },
    what: {
      kind: 'choice',
      say: [],
      values: {
        migrate: 'migration|migrations|migrating|move to another node',
        backup: 'backup|backups|backing up|vzdump',
        clone: 'clone|cloning|copy',
        restore: 'restore|restoring|restoration',
        snapshot: 'snapshot|snapshotting',
        'delete-snapshot': 'deletion of the snapshot|snapshot deletion|snapshot removal',
        rollback: 'rollback',
        move: 'disk move|moving|move of the disk|moving of the disk',
        create: 'creation|creating',
        destroy: 'deletion|destruction|removal',
        start: 'start|starting',
        shutdown: 'shutdown|shutting down',
        reboot: 'reboot|rebooting',
        download: 'download|downloading',
        update: 'update|package update',
        console: 'console',
      },
    },
    guest: { kind: 'guest', say: [] },
    node: { kind: 'node', say: [] },
  },
  async plan(planning, { input }): Promise<Planned> {
    const { upid, what, node } = input;
    if (upid !== undefined) return byUpid(planning, upid);
    const guest = input.guest === undefined ? undefined : await planning.guest(input.guest);
    const running = await runningTasks(planning);
    const fitting = running.filter((task) => {
      if (what !== undefined && kindOf(task.type).action !== what) return false;
      if (node !== undefined && task.node !== node) return false;
      if (guest === undefined) return true;
      // A run that backs several guests up names none of them.
      return task.id === String(guest.vmid) || (task.type === 'vzdump' && task.id === '' && task.node === guest.node);
    });
    const [task, ...more] = fitting;
    if (task === undefined) {
      const all = running.map(textOf).join('; ');
      const of = guest === undefined ? (node ?? 'the cluster') : guest.title;
      return refused({
        why: `No ${what ?? 'task'} of ${of} is running.`,
        next: all === '' ? 'No task is running at all.' : `Running: ${all}.`,
        say: 'list running tasks',
      });
    }
    if (more.length === 0) return stopping(task);
    return {
      kind: 'ask',
      question: `${fitting.length} such tasks are running. Which one?`,
      options: fitting
        .slice(0, 8)
        .map((each) => ({ label: `${textOf(each)}, by ${each.user}`, say: `stop task ${each.upid}` })),
    };
  },
  examples: [
    { say: 'stop the migration of db-postgres-01', sends: 'clarification' },
    { say: 'cancel the running backup on pve-node02', sends: 'clarification' },
    { say: 'stop task UPID:nonsense', sends: 'clarification' },
  ],
});
