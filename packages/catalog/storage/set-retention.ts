import { storageTypes } from '@pxa/pve/facts';
import { retentionInput, retentionNow, retentionRefusals, retentionSaid } from '../backups/retention.ts';
import { action, already, type Planned, type Refusal, refused } from '../kit/index.ts';
import { change } from './definition-change.ts';
import { definitionFact, definitionNow } from './definition-now.ts';

/** Only what may hold backups has a rule for them (pve-storage, options of the type). */
export function ruleless(type: string): Refusal[] {
  if (storageTypes()[type]?.options['prune-backups'] !== undefined) return [];
  const why = `A ${type} storage has no rule about backups: it holds none.`;
  return [{ why, next: 'Set it of a storage that takes backups.', input: 'retention', reason: 'not_acceptable' }];
}

export const setRetention = action({
  id: 'storage.retention',
  verb: 'change which backups are kept on the storage',
  risk: 'change',
  on: { dataset: 'storage' },
  say: [
    '(keep|retain) {+} [backup|backups] (on|in|of) [storage|datastore] {on}',
    '(set|change) [backup] retention (of|for|on) (storage|datastore) {on} to {+}',
    'let (storage|datastore) {on} keep {+}',
  ],
  input: retentionInput,
  async plan(planning, { target, input }): Promise<Planned> {
    const of = await definitionNow(planning, target);
    const wrong = [...ruleless(of.type), ...retentionRefusals(input)];
    if (wrong.length > 0) return refused(...wrong);
    const rule = retentionSaid(input);
    if (rule === undefined)
      return {
        kind: 'ask',
        question: `Which backups is ${of.id} to keep? Say it as “keep 7 daily and 4 weekly backups on ${of.id}”.`,
        options: [],
        input: 'retention',
        reason: 'required',
      };
    const now = retentionNow(of.data['prune-backups']);
    const before = retentionSaid(now);
    if (before === rule) return already(`Storage ${of.id} keeps its backups so: ${rule}.`);
    return change(planning, of, {
      key: 'prune-backups',
      before: before ?? 'that of vzdump.conf',
      after: rule,
      sent: { 'prune-backups': rule },
      is: definitionFact(of.id, 'prune-backups', rule),
      warnings: [
        ...(input.keepAll === true
          ? []
          : [
              `With the next backup to it, those of that guest that ${rule} does not keep are removed, protected ones excepted; a backup job with a rule of its own goes by that.`,
            ]),
        ...(of.content.includes('backup') ? [] : [`${of.id} does not take backups as it is.`]),
      ],
      ...(before === undefined ? {} : { undo: { action: 'storage.retention', input: now } }),
    });
  },
  examples: [
    {
      say: 'keep 7 daily and 4 weekly backups on nfs-backup',
      sends: ['PUT /storage/nfs-backup prune-backups=keep-daily=7,keep-weekly=4'],
    },
    {
      say: 'set the retention of storage nfs-backup to 3 daily backups',
      sends: ['PUT /storage/nfs-backup prune-backups=keep-daily=3'],
    },
    { say: 'keep the last 5 backups on backup-pool', sends: ['PUT /storage/backup-pool prune-backups=keep-last=5'] },
    { say: 'keep all backups on nfs-backup', sends: ['PUT /storage/nfs-backup prune-backups=keep-all=1'] },
    { say: 'keep 7 daily backups on local-zfs', sends: 'clarification' },
    { say: 'keep 0 daily backups on nfs-backup', sends: 'clarification' },
  ],
});
