import { capability } from '../kit/index.ts';
import { write } from './write.ts';

export const apiCapability = capability({
  id: 'api',
  title: 'Any write of the Proxmox API',
  datasets: [],
  examples: [],
  actions: [write],
});
