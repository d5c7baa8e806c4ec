import { listed, NO_NAME, type Recogniser } from './recogniser.ts';

/** Who may log in, and how. Passwords are never taken over: code is no place for them. */
export const ACCESS: readonly Recogniser[] = [
  {
    say: '(?<key>(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\\d{3}|sk-ssh-ed25519@openssh\\.com) [A-Za-z\\d+/]{20,2000}={0,3}(?: [\\w.@-]{1,100})?)',
    means: (wish, said) => void wish.keys.push(said.exact('key').replaceAll(/\s+/g, ' ')),
  },
  {
    say: '(?:no|without|disable(?:d)?|forbid|never a?) (?:ssh )?passwords?(?: (?:login|logins|authentication|auth|access))?(?: disabled)?|password (?:login|authentication|auth) (?:off|disabled)|(?:ssh )?key(?:s)?[ -](?:only|based|auth(?:entication)?)(?: (?:login|ssh|authentication|access))?',
    means: (wish) => void wish.demands.add('ssh.keys_only'),
  },
  {
    say: '(?:(?:with|allow|enable) )?(?:ssh )?password (?:login|logins|authentication|auth)(?: (?:on|enabled|allowed))?',
    means: (wish) => void (wish.passwordLogin = true),
  },
  {
    say: '(?:with )?(?:the )?(?:root )?password(?: is|:| =| of)? (?<secret>"[^"]{1,100}"|\'[^\']{1,100}\'|(?!(?:and|or|with|for|in|on|to)\\b)[^\\s,;]{1,100})',
    means: (_wish, _said, all) =>
      void all.assumptions.push(
        'The password is left out: code is no place for secrets. Log in by key, and set one inside.',
      ),
  },
  {
    say: `(?:(?:an?|the) )?(?:(?:admin(?:istrator)?|sudo|login|deploy) )?users? (?:named |called |accounts? (?:for )?)?(?<names>(?!(?:can|with|who|and|to|is|are|has|have|on|in|for)\\b)[a-z_][a-z\\d_-]{0,31}(?:(?:,? and |, ?)${NO_NAME}(?!(?:one|two|three|open|allow|install)\\b)[a-z_][a-z\\d_-]{0,31}(?! (?:server|vm|database|container|disk|certificate)))*)`,
    means: (wish, said) => void wish.users.push(...listed(said.part('names'))),
  },
  {
    say: '(?:ssh|public)(?: access)?(?: with| by| using)? (?:ssh )?keys?|ssh keys?|ssh access',
    means: () => undefined,
  },
];
