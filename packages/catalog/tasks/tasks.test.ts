import type { Filter, Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { all, compare, is } from '../kit/index.ts';

const tasks = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'tasks', where, ...more });
const one = 'task/UPID:pve-node01:';
const three = 'task/UPID:pve-node03:';
const failedBackup = 'UPID:pve-node02:00001960:03CA30C0:691E21C0:vzdump::root@pam:';

const cases: Record<string, [Query, Expected]> = {
  'what runs now': [
    tasks(is('status', 'running')),
    {
      rows: [`${one}000019CE:03CAFC4E:691EED4E:vzdump:101:anna@pve:`],
      calls: ['/cluster/tasks', '/cluster/resources'],
    },
  ],
  'the newest five': [
    tasks(undefined, { order: [{ column: 'started', dir: 'desc' }], limit: 5 }),
    {
      rows: [
        `${one}000019CE:03CAFC4E:691EED4E:vzdump:101:anna@pve:`,
        `${one}00001D48:03CAE088:691ED188:qmsnapshot:101:anna@pve:`,
        `${one}00001ED8:03CAD278:691EC378:vzsnapshot:201:root@pam:`,
        `${one}00001258:03CAB658:691EA758:qmstart:107:anna@pve:`,
        `${three}00001708:03CA8C28:691E7D28:qmclone:9001:anna@pve:`,
      ],
      calls: ['/cluster/tasks', '/cluster/resources'],
    },
  ],
  'failed today, by the server’s midnight': [
    tasks(all(is('status', 'failed'), compare('started', '>=', { midnight: 0 }))),
    {
      rows: [
        `${one}00001258:03CAB658:691EA758:qmstart:107:anna@pve:`,
        `${three}00001708:03CA8C28:691E7D28:qmclone:9001:anna@pve:`,
      ],
      cells: {
        [`${three}00001708:03CA8C28:691E7D28:qmclone:9001:anna@pve:`]: {
          exit: 'clone failed: no space left on device',
          duration: 7,
        },
      },
    },
  ],
  'of one guest': [
    tasks(is('guest', 'qemu/101')),
    {
      rows: [
        `${one}000019CE:03CAFC4E:691EED4E:vzdump:101:anna@pve:`,
        `${one}00001D48:03CAE088:691ED188:qmsnapshot:101:anna@pve:`,
        `${one}00001ED8:03BAE458:690ED558:qmstart:101:root@pam:`,
      ],
    },
  ],
  'who stopped 104': [
    tasks(all(is('guest', 'qemu/104'), is('action', 'stop')), { focus: ['user'] }),
    { cells: { [`${three}00001000:03CA7580:691E6680:qmstop:104:ben@pve:`]: { user: 'ben@pve' } } },
  ],
  'of one user': [tasks(is('user', 'anna@pve'), { measure: { of: 'count' } }), { value: 5 }],
  'a log': [
    { dataset: 'task-log', where: is('task', failedBackup), measure: { of: 'count' } },
    { value: 9, calls: [`/nodes/pve-node02/tasks/${failedBackup}/log?limit=0`] },
  ],
  'a log of nothing': [{ dataset: 'task-log' }, { rows: [], lacks: ['no task was named'] }],
};

onExampleWorld('tasks', cases);
