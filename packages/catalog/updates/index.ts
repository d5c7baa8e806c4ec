import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { repositories } from './repositories.ts';
import { updates } from './updates.ts';

export const updatesCapability = capability({
  id: 'updates',
  title: 'Pending updates',
  datasets: [updates, repositories],
  examples,
});
