import type { Meaning } from '@pxa/contract';
import { clarification } from './clarify.ts';
import type { Interpretation } from './interpretation.ts';
import type { Sentence } from './sentence.ts';

const one = /^(i|we)$/;
const done = /^(did|done|ran|run|started|stopped|deleted|created|changed|migrated|made|took)$/;

/** "what did I do?", "my tasks", "what have we changed?": of what somebody did, that of whoever speaks. */
export function asksOfOneself(s: Sentence, { dataset }: Interpretation): boolean {
  if (dataset.events !== true) return false;
  return s.tokens.some(({ word }, at) => {
    if (one.test(word)) {
      // "do I have failed tasks?" asks for everybody's.
      const after = /^(have|had)$/.test(s.word(at + 1)) ? at + 2 : at + 1;
      return /^(did|have|had)$/.test(s.word(at - 1)) || done.test(s.word(after));
    }
    return (
      /^(my|our)$/.test(word) &&
      s.sense(at + 1, 'noun').some(({ what }) => what.some((each) => each.dataset === dataset))
    );
  });
}

/** Who speaks is somebody to the computer, and somebody else to Proxmox, which a name there tells. */
export function clarifyOneself(): Meaning {
  return clarification(
    'Which user of Proxmox do you mean by that? Name it: “tasks by anna@pve today”. What was carried out from here stands in the list of jobs.',
  );
}
