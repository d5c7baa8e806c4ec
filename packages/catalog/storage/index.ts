import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { storage } from './storage.ts';
import { volumes } from './volumes.ts';

export const storageCapability = capability({
  id: 'storage',
  title: 'Storage',
  datasets: [storage, volumes],
  examples,
});
