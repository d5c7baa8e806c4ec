import { applyNetwork, revertNetwork } from './apply.ts';
import { changeInterface, deleteInterface } from './change.ts';
import { createBond } from './bond.ts';
import { createBridge, createVlan } from './create.ts';
import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { network } from './network.ts';
import { vnets } from './vnets.ts';

export const networkCapability = capability({
  id: 'network',
  title: 'Network',
  datasets: [network, vnets],
  examples,
  actions: [createBridge, createVlan, createBond, changeInterface, deleteInterface, applyNetwork, revertNetwork],
});
