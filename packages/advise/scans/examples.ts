import type { Example } from '@pxa/catalog/kit';

export const examples: readonly Example[] = [
  { say: 'list the security problems', means: 'security-checks where state = failed' },
  { say: 'security findings of web-01', means: 'security-checks where state = failed and target = qemu/101' },
  { say: 'which security checks failed?', means: 'security-checks where state = failed' },
  {
    say: 'are there any vulnerabilities?',
    means: 'security-checks where state = failed and types = vulnerability give any',
  },
  {
    say: 'security problems on pve-node03',
    means: 'security-checks where state = failed and node = pve-node03',
  },
  {
    say: 'how many high security findings are there?',
    means: 'security-checks where severity = high and state = failed give count',
  },
  { say: 'show the security scores', means: 'security-scores' },
  { say: 'security score of web-01', means: 'security-scores where target = qemu/101' },
];
