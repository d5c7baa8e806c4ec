import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { recentTasks } from './recent.ts';
import { stopTask } from './stop-task.ts';
import { taskLog } from './task-log.ts';
import { tasks } from './tasks.ts';

export const tasksCapability = capability({
  id: 'tasks',
  title: 'Tasks',
  datasets: [tasks, taskLog, recentTasks],
  examples,
  actions: [stopTask],
});
