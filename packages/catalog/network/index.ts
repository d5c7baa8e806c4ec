import { applyNetwork, changeInterface, deleteInterface, revertNetwork } from './change.ts';
import { createBridge, createVlan } from './create.ts';
import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { network } from './network.ts';

export const networkCapability = capability({
  id: 'network',
  title: 'Network',
  datasets: [network],
  examples,
  actions: [createBridge, createVlan, changeInterface, deleteInterface, applyNetwork, revertNetwork],
});
