import { expect, test } from 'vitest';
import { share, type Standing } from './share.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const alone: Standing = { owner: 'me', live: [], names, mine: [], freeBefore: new Set() };
const of = (owner: string, ...held: string[]) => held.map((name) => ({ name, owner }));

test.each<[what: string, standing: Partial<Standing>, take: string[], leave: string[]]>([
  ['alone it takes all', {}, names, []],
  ['of two it takes half', { live: of('other', 'replica other') }, ['a', 'b', 'c'], []],
  ['what the other has stays there', { live: of('other', 'a', 'b') }, ['c', 'd', 'e'], []],
  ['with its share it takes no more', { live: of('other', 'a'), mine: ['b', 'c', 'd'] }, [], []],
  [
    'but what nobody wanted at the last look',
    { live: of('other', 'a'), mine: ['b', 'c', 'd'], freeBefore: new Set(['e']) },
    ['e'],
    [],
  ],
  ['what is too much it leaves', { live: of('other', 'replica other'), mine: names }, [], ['d', 'e', 'f']],
  ['one more than its share it keeps', { live: of('other', 'e', 'f'), mine: ['a', 'b', 'c', 'd'] }, [], []],
])('%s', (_, standing, take, leave) => {
  expect(share({ ...alone, ...standing })).toMatchObject({ take, leave });
});
