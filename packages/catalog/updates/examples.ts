import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'list the pending updates', means: 'updates' },
  {
    say: 'how many updates are pending on pve-node01?',
    means: 'updates where package is known and node = pve-node01 give count',
  },
  { say: 'are there any security updates?', means: 'updates where security = true give any' },
  { say: 'pending updates per node', means: 'updates per node give count' },
  { say: 'which nodes have pending updates?', means: 'nodes where has updates' },
  { say: 'nodes without pending updates', means: 'nodes where not (has updates)' },
  { say: 'show the kernel updates', means: 'updates where kernel = true' },
  { say: 'updates from debian', means: 'updates where origin = Debian' },
  {
    say: 'how many packages need updating on pve-node03?',
    means: 'updates where package is known and node = pve-node03 give count',
  },
  { say: 'list the package repositories', means: 'repositories' },
  { say: 'which package repositories are unsigned?', means: 'repositories where signed = false' },
  { say: 'apt repositories of pve-node01', means: 'repositories where node = pve-node01' },
];
