import type { ArchiveNow, Archives } from './archives-now.ts';
import { fileOf, takenText } from './archives-now.ts';
import { type Planned, type Refusal, refused } from '../kit/index.ts';

/** Which of a guest's archives are meant, in the words that all orders about them share. */
export const chosenInput = {
  which: {
    kind: 'choice',
    say: ['{}'],
    values: { newest: 'newest|latest|last|most recent', oldest: 'oldest|first|earliest', all: 'all|every|all the' },
  },
  storage: { kind: 'storage', say: ['(on|from|in) [storage] {}'] },
  olderThan: {
    kind: 'time',
    say: ['older than {}', '(that|which) are older than {}', '[from|made|taken|created] before {}'],
  },
} as const;

const unreadText = (unread: readonly string[]): string =>
  unread.length === 0 ? '' : ` Not everything could be read: ${unread.join('; ')}.`;

export function noArchive(what: string, { unread }: Archives): Planned {
  return refused({
    why: `There is no backup ${what}.${unreadText(unread)}`,
    next: 'See what there is: “list backups”.',
    say: 'list backups',
  });
}

/** More options than these nobody reads. */
const mostOptions = 8;

/** What is asked where several archives could be meant. */
export function whichArchive(
  of: string,
  archives: readonly ArchiveNow[],
  say: (archive: ArchiveNow) => string,
): Planned {
  return {
    kind: 'ask',
    question: `There are ${archives.length} backups ${of}. Which one?`,
    options: archives.slice(0, mostOptions).map((each) => ({
      label: `${takenText(each)} on ${each.storage}`,
      say: say(each),
    })),
  };
}

/** Proxmox removes no archive that is protected (pve-storage Plugin.pm, free_image). */
export function protectedOnes(archives: readonly ArchiveNow[]): Refusal[] {
  return archives
    .filter(({ isProtected }) => isProtected)
    .map((each) => {
      const say = `unprotect backup ${fileOf(each)}`;
      return {
        why: `Backup ${fileOf(each)} on ${each.storage} is protected.`,
        next: `Take its protection away first: “${say}”.`,
        say,
      };
    });
}
