import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'check the health of the cluster', means: 'health' },
  { say: 'is everything ok?', means: 'health give all of state = ok' },
  { say: 'is anything wrong?', means: 'health where state != ok give any' },
  { say: 'give me an overview of the cluster', means: 'health' },
  { say: 'how is the cluster doing?', means: 'health' },
  { say: 'what is broken?', means: 'health where state != ok' },
  { say: 'anything I should worry about?', means: 'health where state != ok' },
  { say: 'status', means: 'health' },
  { say: 'are there any problems?', means: 'health where state != ok give any' },
];
