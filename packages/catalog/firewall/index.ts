import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { firewalls } from './firewalls.ts';
import { rules } from './rules.ts';

export const firewallCapability = capability({
  id: 'firewall',
  title: 'Firewall',
  datasets: [firewalls, rules],
  examples,
});
