import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { compare, is, known, not } from '../kit/index.ts';

const cases: Record<string, [Query, Expected]> = {
  'users that are disabled': [{ dataset: 'users', where: is('enabled', false) }, { rows: ['user/trainee@pve'] }],
  'roles of a user': [
    { dataset: 'users', where: is('userid', 'trainee@pve'), focus: ['roles'] },
    { cells: { 'user/trainee@pve': { roles: ['PVEVMUser on /pool/lab'] } } },
  ],
  'roles by way of a group': [
    { dataset: 'users', where: is('userid', 'ben@pve'), focus: ['roles', 'groups'] },
    { cells: { 'user/ben@pve': { roles: ['PVEVMAdmin on /vms (group ops)'], groups: ['ops'] } } },
  ],
  'users without a second factor': [
    { dataset: 'users', where: is('tfa', false), measure: { of: 'count' } },
    { value: 4 },
  ],
  'tokens that end within a month': [
    { dataset: 'tokens', where: compare('expire', '<=', { ago: -30 * 86_400 }) },
    { rows: ['token/anna@pve!ci'], findings: ['info access.token_expiring token/anna@pve!ci'] },
  ],
  'tokens without an end': [
    { dataset: 'tokens', where: not(known('expire')) },
    { rows: ['token/root@pam!sandbox', 'token/root@pam!prometheus'] },
  ],
  'a token without privilege separation': [
    { dataset: 'tokens', where: is('privsep', false) },
    {
      rows: ['token/root@pam!sandbox'],
      cells: { 'token/root@pam!sandbox': { roles: ['those of its user'] } },
      findings: ['info access.token_full_root token/root@pam!sandbox'],
    },
  ],
  'a token by its own name, and those of a user': [
    { dataset: 'tokens', where: is('user', 'anna@pve!ci') },
    { rows: ['token/anna@pve!ci'] },
  ],
  'members of a group': [
    { dataset: 'groups', where: is('groupid', 'ops') },
    { cells: { 'group/ops': { users: ['ben@pve'], comment: 'operators' } } },
  ],
  'the access control list': [{ dataset: 'acl', measure: { of: 'count' } }, { value: 4 }],
};

onExampleWorld('access', cases);
