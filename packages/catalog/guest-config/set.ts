import { action, type Planned, refused } from '../kit/index.ts';
import { setConfig, type Wanted } from './set-config.ts';

/** Keys of a configuration back to what they were: what undoes a change of configuration. It has no words of its own. */
export const set = action({
  id: 'guest.set',
  verb: 'set the configuration of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [],
  input: { values: { kind: 'text', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const wanted = wantedOf(input.values ?? '');
    if (wanted === undefined)
      return refused({ why: 'The values are not a JSON object.', next: 'This is for undoing: pxa undo JOB.' });
    return setConfig(guest, wanted, { says: `Set ${Object.keys(wanted).join(', ')} of ${guest.title}` });
  },
  examples: [],
});

function wantedOf(text: string): Wanted | undefined {
  try {
    const values: unknown = JSON.parse(text);
    // Written by setConfig: texts, numbers and nulls under the keys of a configuration.
    return typeof values === 'object' && values !== null ? (values as Wanted) : undefined;
  } catch {
    return undefined;
  }
}
