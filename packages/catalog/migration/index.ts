import { capability } from '../kit/index.ts';
import { migrate } from './migrate.ts';

export const migrationCapability = capability({
  id: 'migration',
  title: 'Moving guests between nodes',
  datasets: [],
  examples: [],
  actions: [migrate],
});
