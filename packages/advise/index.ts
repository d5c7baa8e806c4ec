import { type Capability, capability, type Dataset } from '@pxa/catalog/kit';
import { capacity } from './capacity/capacity.ts';
import { examples } from './capacity/examples.ts';
import { securityChecks, securityScores } from './scans/datasets.ts';
import { examples as scanExamples } from './scans/examples.ts';

export { CONTROLS } from './scans/controls.ts';
export { OS_ENDS, PVE_ENDS } from './scans/eol.ts';
export { fixOf } from './scans/fix.ts';
export { GRADES, type Grade, isIn, type Rule, SCAN_TYPES, type ScanType } from './scans/rule.ts';
export { RULES } from './scans/rules/index.ts';
export { POINTS, scoreOf, type Scored, scoresOf, type TargetScore } from './scans/score.ts';
export { isTracker, ratedBy, ratingIn, type Ratings } from './scans/tracker.ts';

/** What is computed rather than read: asked about like the rest of the catalogue. */
export const advices: readonly Capability[] = [
  capability({ id: 'capacity', title: 'Capacity and balance', datasets: [capacity], examples }),
  capability({
    id: 'scans',
    title: 'Security checks',
    datasets: [securityChecks, securityScores],
    examples: scanExamples,
  }),
];

export const adviceDatasets: ReadonlyMap<string, Dataset> = new Map(
  advices.flatMap(({ datasets }) => datasets.map((dataset) => [dataset.id, dataset])),
);
