import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { nextId, version } from './version.ts';

export const versionCapability = capability({
  id: 'version',
  title: 'Version and next free id',
  datasets: [version, nextId],
  examples,
});
