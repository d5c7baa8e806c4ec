import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { acl, groups, permissions, realms, roles } from './lists.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';

export const accessCapability = capability({
  id: 'access',
  title: 'Users, tokens and permissions',
  datasets: [users, tokens, groups, roles, acl, realms, permissions],
  examples,
});
