import { expect, test } from 'vitest';
import { readChecks, type Check } from './report.ts';

const cases: [printed: string, checks: Check[]][] = [
  ['ok nodes by token', [{ name: 'nodes by token' }]],
  ['not ok nodes by token: 403 no', [{ name: 'nodes by token', problem: '403 no' }]],
  ['not ok nodes: json: cannot read', [{ name: 'nodes', problem: 'json: cannot read' }]],
  ['not ok nodes', [{ name: 'nodes', problem: 'it gave no reason' }]],
  ['a warning of a library\nok nodes\n\n', [{ name: 'nodes' }]],
  ['okay then', []],
];

test.each(cases)('%j', (printed, checks) => {
  expect(readChecks(printed)).toEqual(checks);
});
