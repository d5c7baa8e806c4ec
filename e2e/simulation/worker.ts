import { parentPort } from 'node:worker_threads';
import { simulate } from './simulate.ts';

parentPort?.on('message', (seed: number) => {
  void simulate(seed).then((verdict) => parentPort?.postMessage(verdict));
});
