/** Security scans: how grave findings are, how scores come of them, and what remedies them. */
export { fixOf, GRADES, isTracker, ratedBy, ratingIn, SCAN_TYPES, scoreOf, scoresOf } from '@pxa/advise';
export type { Grade, Ratings, ScanType, Scored, TargetScore } from '@pxa/advise';
