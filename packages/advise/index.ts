import { type Capability, capability, type Dataset } from '@pxa/catalog/kit';
import { capacity } from './capacity/capacity.ts';
import { examples } from './capacity/examples.ts';

/** What is computed rather than read: asked about like the rest of the catalogue. */
export const advices: readonly Capability[] = [
  capability({ id: 'capacity', title: 'Capacity and balance', datasets: [capacity], examples }),
];

export const adviceDatasets: ReadonlyMap<string, Dataset> = new Map(
  advices.flatMap(({ datasets }) => datasets.map((dataset) => [dataset.id, dataset])),
);
