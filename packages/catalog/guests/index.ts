import { capability } from '../kit/index.ts';
import { guests } from './guests.ts';
import { examples } from './examples.ts';

export const guestsCapability = capability({
  id: 'guests',
  title: 'Virtual machines and containers',
  datasets: [guests],
  examples,
});
