import { capability } from '../kit/index.ts';
import { grant, revoke } from './change-acl.ts';
import { createGroup, deleteGroup } from './change-groups.ts';
import { changeRole, createRole, deleteRole } from './change-roles.ts';
import { createToken, deleteToken } from './change-tokens.ts';
import { describeToken, expireToken, regenerateToken, separateToken } from './alter-tokens.ts';
import { createUser } from './create-user.ts';
import { deleteUser, expireUser, switchUser, userGroups } from './change-users.ts';
import { examples } from './examples.ts';
import { acl, groups, permissions, realms, roles } from './lists.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';

export const accessCapability = capability({
  id: 'access',
  title: 'Users, tokens and permissions',
  datasets: [users, tokens, groups, roles, acl, realms, permissions],
  examples,
  actions: [
    createUser,
    switchUser,
    expireUser,
    userGroups,
    deleteUser,
    createGroup,
    deleteGroup,
    createToken,
    deleteToken,
    expireToken,
    describeToken,
    separateToken,
    regenerateToken,
    grant,
    revoke,
    createRole,
    changeRole,
    deleteRole,
  ],
});
