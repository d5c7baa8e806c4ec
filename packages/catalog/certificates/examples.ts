import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  {
    say: 'which certificates expire in the next 30 days?',
    means: 'certificates where notafter >= now-0s and notafter <= now+2592000s',
  },
  { say: 'list the certificates', means: 'certificates' },
  { say: 'certificates of pve-node02', means: 'certificates where node = pve-node02' },
  {
    say: 'are any certificates expired?',
    means: 'certificates where notafter < now-0s give any',
  },
  {
    say: 'fingerprint of the certificates of pve-node01',
    means: 'certificates where node = pve-node01 show fingerprint',
  },
  { say: 'when do the certificates expire?', means: 'certificates where notafter is known' },
  { say: 'who issued the certificate of pve-node01?', means: 'certificates where node = pve-node01 show issuer' },
];
