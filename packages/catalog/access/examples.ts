import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'which users are disabled?', means: 'users where enabled = false' },
  { say: 'permissions of trainee@pve', means: 'users where userid = trainee@pve show roles' },
  { say: 'list the users', means: 'users' },
  { say: 'which tokens expire within 30 days?', means: 'tokens where expire >= now-0s and expire <= now+2592000s' },
  { say: 'tokens without privilege separation', means: 'tokens where privsep = false' },
  { say: 'api tokens that never expire', means: 'tokens where not (expire is known)' },
  { say: 'users without a second factor', means: 'users where tfa = false' },
  { say: 'tokens of anna@pve', means: 'tokens where user = anna@pve' },
  { say: 'list the user groups', means: 'groups' },
  { say: 'list the roles', means: 'roles' },
  { say: 'show the access control list', means: 'acl' },
  { say: 'list the realms', means: 'realms' },
  { say: 'show my permissions', means: 'permissions' },
  { say: 'how many users are there?', means: 'users give count' },
  { say: 'users with an expiry date', means: 'users where expire is known' },
  { say: 'how many users can log in?', means: 'users where enabled = true give count' },
  { say: 'what is ben@pve allowed to do?', means: 'users where userid = ben@pve show roles' },
];
