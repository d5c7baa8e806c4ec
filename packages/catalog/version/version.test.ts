import type { Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { is } from '../kit/index.ts';

const cases: Record<string, [Query, Expected]> = {
  'the next free id': [
    { dataset: 'next-id', where: is('free', true) },
    { rows: ['next-id'], cells: { 'next-id': { vmid: 109 } }, calls: ['/cluster/nextid'] },
  ],
  'the version': [{ dataset: 'version' }, { cells: { version: { version: '8.4.1', release: '8.4' } } }],
};

onExampleWorld('version', cases);
