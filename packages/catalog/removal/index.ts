import { capability } from '../kit/index.ts';
import { remove } from './remove.ts';

export const removalCapability = capability({
  id: 'removal',
  title: 'Deleting guests',
  datasets: [],
  examples: [],
  actions: [remove],
});
