/**
 * The facts about Proxmox's API: routes with their parameters, types and privileges. `routes.gen.ts` is generated;
 * looking up one route parses that route only.
 */
export type { DeletePath, Flag, FlagOut, GetPath, NumberOut, PostPath, PutPath } from './routes.gen.ts';
export type * from './types.ts';
export { allRoutes, builtinRoles, formatProperties, isRouteId, routeFacts, storageTypes } from './lines.ts';
export { fillPath, matchRoute } from './match.ts';
export { normalizeParams, validate, validateParameters } from './validate.ts';
export type { RouteMatch } from './match.ts';
