import type { Authenticator } from './auth.ts';
import type { Behaviours } from './behaviour.ts';
import { aclWrites } from './behaviours/acl-writes.ts';
import { groupWrites } from './behaviours/group-writes.ts';
import { accessBehaviours } from './behaviours/access.ts';
import { behaviours } from './behaviours/index.ts';
import { indexBehaviours } from './behaviours/indexes.ts';
import { loginBehaviours } from './behaviours/login.ts';
import { taskBehaviours } from './behaviours/tasks.ts';
import { tfaBehaviours } from './behaviours/tfa.ts';
import { tokenWrites } from './behaviours/token-writes.ts';
import { userWrites } from './behaviours/user-writes.ts';
import { versionBehaviours } from './behaviours/version.ts';

/** Every route that the sandbox models: plain indexes, the cluster's areas, and what the server itself knows. */
export function allBehaviours(auth: () => Authenticator): Behaviours {
  return {
    ...indexBehaviours(),
    ...behaviours,
    ...versionBehaviours,
    ...accessBehaviours,
    ...userWrites(auth),
    ...groupWrites,
    ...aclWrites,
    ...tokenWrites(auth),
    ...loginBehaviours(auth),
    ...tfaBehaviours(auth),
    ...taskBehaviours,
  };
}

/** The same as a table to look at, not to call. */
export function modelled(): Behaviours {
  return allBehaviours(() => {
    throw new Error('nobody is logged in while the table is only looked at');
  });
}
