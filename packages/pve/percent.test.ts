import { expect, test } from 'vitest';
import { urlDecoded } from './percent.ts';

test.each([
  ['ssh-ed25519%20AAAA%20ops%0A', 'ssh-ed25519 AAAA ops\n'],
  ['100%', '100%'],
  ['%zz', '%zz'],
  ['', ''],
])('%j says %j', (text, says) => expect(urlDecoded(text)).toBe(says));
