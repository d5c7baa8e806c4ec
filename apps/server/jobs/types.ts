import { actionList } from '@pxa/assistant/catalog';

/** The types that the document names; others are called after what they do. */
const NAMED: Readonly<Record<string, string>> = {
  'vm.create': 'vm_creation',
  'vm.from_template': 'vm_creation',
  'guest.delete': 'vm_deletion',
};

/** What a job is called by the action that it carries out: `vm_creation`, `guest_shutdown`. */
export const jobTypeOf = (action: string): string => NAMED[action] ?? action.replace(/\./g, '_');

/** The actions whose jobs are of a type; none where nothing is called so. */
export function actionsOfType(type: string): string[] {
  return actionList.map(({ id }) => id).filter((id) => jobTypeOf(id) === type);
}
