import { entitiesAt } from './rules-names.ts';
import type { Sentence } from './sentence.ts';

/** An action and the verbs that order it. */
export interface ActionWords {
  readonly id: string;
  readonly says: string;
  /** Verbs that can be nothing else at the beginning of a request. */
  readonly sure: boolean;
  /** Data or service is lost: never for an unnamed everything. */
  readonly risky: boolean;
}

interface Verb extends ActionWords {
  readonly verbs: RegExp;
}

const verb = (id: string, says: string, verbs: RegExp, of: { sure?: boolean; risky?: boolean } = {}): Verb => ({
  id,
  says,
  verbs,
  sure: of.sure ?? true,
  risky: of.risky ?? false,
});

// Longer wordings stand before the shorter ones that they begin with.
const verbs: readonly Verb[] = [
  verb(
    'guest.shutdown',
    'shut down',
    /^(shut|turn|switch|power|take|bring)\b(?! (on|off|down|up)\b).{1,80} (down|off)\b/,
    { risky: true },
  ),
  verb('guest.start', 'start', /^(turn|switch|power|bring|fire)\b(?! (on|off|down|up)\b).{1,80} (up|on)$/),
  verb('snapshot.create', 'take a snapshot of', /^(take|make|create|do) (a |an |another )?(new )?snapshots?\b/),
  verb('backup.create', 'back up', /^(take|make|create|run|do) (a |an )?(new |full )?backups? (of|for|now)\b/),
  verb('guest.delete', 'delete', /^(delete|destroy|erase|wipe|get rid of|tear down|nuke|purge|kill off)\b/, {
    risky: true,
  }),
  verb(
    'snapshot.create',
    'take a snapshot of',
    /^((take|make|create|do) (a |an |another )?(new )?snapshots?|snapshot (?!s\b))/,
    { sure: false },
  ),
  verb('snapshot.rollback', 'roll back', /^(roll ?back|revert|reset .* to snapshot|go back)\b/, { risky: true }),
  verb(
    'backup.create',
    'back up',
    /^((take|make|create|run|start|do) (a |an )?(new |full )?backups?|back ?up (?!history|job|failure|task|run|storage|schedule|size|of\b)|backup (?!job|failure|task|run|storage|schedule|size|of\b|archive|histor|status|health))/,
    { sure: false },
  ),
  verb('backup-job.create', 'schedule backups of', /^(schedule)(?! (of|for)\b)/),
  verb('backup.restore', 'restore', /^restore\b/, { risky: true }),
  verb(
    'guest.create',
    'create',
    /^(create|provision|deploy|spin up|set up|build|make (me )?(a|an)|launch a|new (vm|container|virtual machine|ct))\b/,
  ),
  verb('guest.clone', 'clone', /^(clone|copy|duplicate)\b/, { sure: false }),
  verb(
    'guest.migrate',
    'migrate',
    /^((live[ -]|online[ -]|offline[ -])?migrate|move|relocate|evacuate|live migration of)\b/,
  ),
  verb(
    'guest.shutdown',
    'shut down',
    /^(shut\b.*\bdown|shutdown|power ?off|turn off(?! (protection|the protection|agent|ha|firewall|autostart|onboot))|switch off|power down)\b/,
    { risky: true },
  ),
  verb('guest.stop', 'stop', /^(stop|kill|force ?stop|force off|hard stop|halt|terminate)\b/, { risky: true }),
  verb('guest.reboot', 'reboot', /^(restart|reboot|bounce|power ?cycle)\b/, { risky: true }),
  verb('guest.reset', 'reset', /^(reset|hard reset)\b/, { risky: true }),
  verb('guest.suspend', 'suspend', /^(suspend|pause|hibernate|freeze)\b/, { sure: false }),
  verb('guest.resume', 'resume', /^(resume|unpause|unfreeze|wake|continue)\b/, { sure: false }),
  verb(
    'guest.start',
    'start',
    /^(start|boot|power ?on|turn on(?! (protection|the protection|agent|ha|firewall|autostart|onboot))|switch on|bring up|fire up)\b/,
  ),
  verb(
    'guest.resize',
    'resize a disk of',
    /^(resize|grow|expand|enlarge|extend|shrink|increase .*\bdisk|reduce .*\bdisk)\b/,
  ),
  verb(
    'guest.config',
    'change the configuration of',
    /^(?!give (me|us)\b|set of\b)(set|change|update|modify|edit|adjust|configure|rename|increase|decrease|reduce|raise|lower|give|assign|enable|disable|turn (on|off)|toggle|tag|untag|label|protect|unprotect|attach|detach|mount|unmount|eject|insert|add|convert|upgrade|connect|disconnect|put|unlock|lock|downgrade|bump)\b/,
  ),
  verb('guest.remove', 'remove', /^(remove|drop)\b/, { risky: true }),
  verb('storage.content', 'change the content of a storage:', /^(upload|download|import)\b/),
  verb('replication.create', 'replicate', /^(replicate)\b/),
  verb('task.stop', 'stop the task', /^(cancel|abort)\b/),
];

/** The action that the words at a place order, and where its verb ends. */
export function actionAt(s: Sentence, at: number): { action: ActionWords; end: number } | undefined {
  const rest = s.tokens
    .slice(at)
    .map(({ word, quoted }) => (quoted ? '“”' : word))
    .join(' ');
  for (const action of verbs) {
    const match = action.verbs.exec(rest);
    if (!match) continue;
    // "build-agent" is not an order to build.
    const after = rest[match[0].length];
    if (after !== undefined && after !== ' ' && !match[0].endsWith(' ')) continue;
    const end = at + match[0].trim().split(' ').length;
    // A thing may bear a verb's name ("backup"); named things are not orders.
    if (!action.sure && entitiesAt(s, at).length > 0 && entitiesAt(s, end).length === 0) return undefined;
    // "turn it off": the verb is in two parts.
    const isParted = / (down|off|up|on)$/.test(match[0]) && match[0].split(' ').length > 2;
    return { action, end: isParted ? at + 1 : end };
  }
  return undefined;
}
