import { expect, test } from 'vitest';
import { hideSecretWords, withoutSecretsOf } from './secret-words.ts';

const hidden: [said: string, kept: string][] = [
  ['create a container web9 with password "hunter2"', 'create a container web9 with password "[hidden]"'],
  ['create "web9" with password “hunter2 and more”', 'create "web9" with password "[hidden]"'],
  ["set the password of bob to 'hunter2'", 'set the password of bob to "[hidden]"'],
  ['password for "bob" is "hunter2"', 'password for "[hidden]" is "[hidden]"'],
  ['use the passphrase «open sesame», please', 'use the passphrase "[hidden]", please'],
  ['password "never closed', 'password "[hidden]"'],
  ['set the password of user bob@pve to hunter2', 'set the password of user bob@pve to [hidden]'],
  ['cipassword=hunter2 on 101', 'cipassword=[hidden] on 101'],
  ['with the secret: hunter two', 'with the secret: [hidden] two'],
  ['create it with password hunter2 on pve-node01', 'create it with password [hidden] on pve-node01'],
  ['Password hunter-2!', 'Password [hidden]'],
  ['use PVEAPIToken=root@pam!ci=6f0b5a1e-5a55', 'use PVEAPIToken=[hidden]'],
  ['download https://me:hunter2@example.com/a.iso', 'download https://me:[hidden]@example.com/a.iso'],
];

test.each(hidden)('%s', (said, kept) => {
  expect(hideSecretWords(said)).toBe(kept);
});

const plain = [
  'stop docker-host-01',
  'which API tokens are there?',
  'list tokens of root@pam',
  'rename 101 to "web-02"',
  'is there a password policy?',
  "what's the state of bob's tokens?",
  'download https://example.com/a.iso to local',
];

test.each(plain)('%s: nothing to hide', (said) => {
  expect(hideSecretWords(said)).toBe(said);
});

const repeated: [said: string, answer: string, told: string][] = [
  [
    'create user bob@pve with password hunter2',
    'not what “hunter2” is to mean there, nor “bob@pve”',
    'not what “[hidden]” is to mean there, nor “bob@pve”',
  ],
  ['frob it with the secret "open sesame"', 'I do not know “open sesame”', 'I do not know “[hidden] [hidden]”'],
  ['the password is (1+ here', 'not what “(1+” is on VM 101', 'not what “[hidden]” is on VM 101'],
  ['stop frob', 'No guest is called “frob”.', 'No guest is called “frob”.'],
];

test.each(repeated)('%s: the answer repeats no secret', (said, answer, told) => {
  expect(withoutSecretsOf(said, answer)).toBe(told);
});
