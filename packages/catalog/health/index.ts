import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { health } from './health.ts';

export const healthCapability = capability({
  id: 'health',
  title: 'Health of the cluster',
  datasets: [health],
  examples,
});
