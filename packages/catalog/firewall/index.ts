import { capability } from '../kit/index.ts';
import { addGuestRule, addRuleElsewhere } from './add-rules.ts';
import { deleteGuestRule, deleteRuleElsewhere, switchGuestRule, switchRuleElsewhere } from './change-rules.ts';
import { changeAlias, createAlias, deleteAlias } from './aliases.ts';
import { addGroupRule, createGroup, deleteGroup, deleteGroupRule, leaveGroup, useGroup } from './groups.ts';
import { addToSet, createSet, deleteSet, takeFromSet } from './ip-sets.ts';
import { examples } from './examples.ts';
import { firewalls } from './firewalls.ts';
import { rules } from './rules.ts';
import { datacenterPolicy, disableFirewall, disableGuest, enableFirewall, enableGuest, guestPolicy } from './switch.ts';

export const firewallCapability = capability({
  id: 'firewall',
  title: 'Firewall',
  datasets: [firewalls, rules],
  examples,
  actions: [
    enableGuest,
    disableGuest,
    enableFirewall,
    disableFirewall,
    guestPolicy,
    datacenterPolicy,
    addGuestRule,
    addRuleElsewhere,
    deleteGuestRule,
    deleteRuleElsewhere,
    switchGuestRule,
    switchRuleElsewhere,
    createGroup,
    deleteGroup,
    addGroupRule,
    deleteGroupRule,
    useGroup,
    leaveGroup,
    createSet,
    addToSet,
    takeFromSet,
    deleteSet,
    createAlias,
    changeAlias,
    deleteAlias,
  ],
});
