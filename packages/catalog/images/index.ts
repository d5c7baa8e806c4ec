import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { images } from './images.ts';

export const imagesCapability = capability({
  id: 'images',
  title: 'ISO images and container templates',
  datasets: [images],
  examples,
});
