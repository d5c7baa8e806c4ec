import { normalizeParams, validate } from '@pxa/pve/facts';
import type { RouteId } from '@pxa/pve/facts';
import { PveError } from './behaviour.ts';
import type { Params } from './body.ts';

/**
 * Throws the 400 of parameters that the route's schema refuses. Those that pass are put into the form that the
 * method's code gets them in: a list that came as an array is joined, a lone value of an array is wrapped.
 */
export function checkParameters(route: RouteId, params: Params): void {
  const errors = validate(route, params);
  if (Object.keys(errors).length > 0) throw new PveError(400, 'Parameter verification failed.\n', errors);
  Object.assign(params, normalizeParams(route, params));
}
