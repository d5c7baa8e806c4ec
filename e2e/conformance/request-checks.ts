import { validate } from '../../packages/pve/facts/index.ts';
import type { PermissionCheck, RouteId } from '../../packages/pve/facts/index.ts';
import { accessFor } from '../../packages/sandbox/access.ts';
import type { Verdict } from '../../packages/sandbox/access.ts';
import { compare, compareErrors } from './compare.ts';
import type { Difference } from './compare.ts';
import type { PermissionVector, ValidationVector } from './vectors.ts';

/** A validation vector, asked of the validator itself. */
export function checkValidation(vector: ValidationVector): Difference | undefined {
  // The facts name every route; an unknown one throws, which the caller reports.
  const errors = validate(vector.route as RouteId, vector.params);
  return compareErrors(errors, vector.ok ? {} : (vector.errors ?? {}), vector.unordered);
}

/** What a permission vector wants, in the form of a verdict. */
export function wantedVerdict(vector: PermissionVector): Verdict {
  if (vector.allowed) return { ok: true };
  return { ok: false, status: vector.code ?? 403, message: vector.message ?? '' };
}

/** A permission vector, asked of the access control itself. */
export function checkPermission(vector: PermissionVector): Difference | undefined {
  const access = accessFor(vector.acl, vector.who);
  const params = vector.params ?? {};
  switch (vector.kind) {
    case 'privs':
      return compare(access.privileges(vector.path ?? ''), vector.privs);
    case 'paths':
      return compare(access.paths(), vector.paths);
    case 'cap':
      return compare(access.capabilities(), vector.cap);
    case 'check':
      // The vector has the form of a method's own check.
      return compare(access.check(vector.check as PermissionCheck, params), wantedVerdict(vector));
    case 'route':
      return compare(access.checkRoute(vector.route as RouteId, params), wantedVerdict(vector));
  }
}
