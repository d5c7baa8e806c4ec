/** Security scans: how grave findings are, how scores come of them, and what remedies them. */
export { fixOf, GRADES, isTracker, ratedBy, ratingIn, scoreOf, scoresOf } from '@pxa/advise';
export type { Grade, Ratings, Scored } from '@pxa/advise';
