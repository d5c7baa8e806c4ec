import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'which tasks are in progress?', means: 'tasks where status = running' },
  { say: 'show the five most recent tasks', means: 'tasks by started desc first 5' },
  { say: 'failed tasks today', means: 'tasks where status = failed and started >= midnight-0d' },
  { say: 'tasks of web-01', means: 'tasks where guest = qemu/101' },
  { say: 'tasks of anna@pve this week', means: 'tasks where user = anna@pve and started >= now-604800s' },
  {
    say: 'how many tasks failed in the last 7 days?',
    means: 'tasks where status = failed and started >= now-604800s give count',
  },
  { say: 'show the running tasks on pve-node01', means: 'tasks where status = running and node = pve-node01' },
  { say: 'slowest task of the last week', means: 'tasks where started >= now-604800s by duration desc first 1' },
  { say: 'failed tasks per node', means: 'tasks where status = failed per node give count' },
  { say: 'migration tasks of the last month', means: 'tasks where action = migrate and started >= now-2592000s' },
  { say: 'what did ben@pve do?', means: 'tasks where user = ben@pve' },
  {
    say: 'why did the migration of web-02 fail?',
    means: 'tasks where action = migrate and guest = qemu/102 and status = failed show exit',
  },
];
