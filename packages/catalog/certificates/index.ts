import { capability } from '../kit/index.ts';
import { certificates } from './certificates.ts';
import { examples } from './examples.ts';

export const certificatesCapability = capability({
  id: 'certificates',
  title: 'Certificates',
  datasets: [certificates],
  examples,
});
