import { capability } from '../kit/index.ts';
import { hibernate, reboot, reset, resume, shutdown, start, stop, suspend } from './actions.ts';

export const powerCapability = capability({
  id: 'power',
  title: 'Starting and stopping guests',
  datasets: [],
  examples: [],
  actions: [start, shutdown, stop, reboot, reset, suspend, hibernate, resume],
});
