import { capability } from '../kit/index.ts';
import { clone } from './clone.ts';
import { containerFromTemplate } from './container-from-template.ts';
import { createContainer } from './container.ts';
import { convert } from './convert.ts';
import { createFromTemplate } from './from-template.ts';
import { createVm } from './vm.ts';

export const creationCapability = capability({
  id: 'creation',
  title: 'Creating guests',
  datasets: [],
  examples: [],
  actions: [createVm, createFromTemplate, createContainer, containerFromTemplate, clone, convert],
});
