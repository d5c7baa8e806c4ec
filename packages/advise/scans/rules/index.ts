import type { Rule } from '../rule.ts';
import { accessRules } from './access-rules.ts';
import { firewallRules } from './firewall-rules.ts';
import { guestProtectionRules } from './guest-protection.ts';
import { guestSetupRules } from './guest-setup.ts';
import { nodeRules } from './node-rules.ts';

/** Everything that scans look at, in the order of the documentation. */
export const RULES: readonly Rule[] = [
  ...firewallRules,
  ...guestProtectionRules,
  ...guestSetupRules,
  ...nodeRules,
  ...accessRules,
];
