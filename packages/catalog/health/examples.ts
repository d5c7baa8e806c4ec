import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'check the health of the cluster', means: 'health' },
  { say: 'is everything ok?', means: 'health give all of state = ok' },
  { say: 'is anything wrong?', means: 'health where state != ok give any' },
  { say: 'give me an overview of the cluster', means: 'health' },
  { say: 'are there any problems?', means: 'health where state != ok give any' },
];
