import { action, configFact, type Planned, refused } from '../kit/index.ts';
import { setConfig } from '../guest-config/set-config.ts';
import { disksOf } from './disks.ts';
import { freeSlot, usualBus } from './slots.ts';

export const attachDisk = action({
  id: 'guest.attach_disk',
  verb: 'attach an unused disk of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '(attach|reattach|connect|reconnect|use|mount) [unused] [disk] {disk} (of|to|in|on) {on} [again] {*}',
    '(attach|reattach|reconnect) (unused disk|unused disks|detached disk) (of|to|in|on) {on} [again] {*}',
  ],
  input: {
    disk: { kind: 'disk', say: [] },
    as: { kind: 'disk', say: ['as {}'] },
    path: { kind: 'word', say: ['(at|under|mounted at|mounted on|mounted under) {}'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const free = disksOf(guest).filter(({ key }) => key.startsWith('unused'));
    const isNamed = input.disk !== undefined && input.disk !== '';
    const [only] = isNamed ? free.filter(({ key }) => key === input.disk) : free;
    if (only === undefined) {
      const keys = free.map(({ key }) => key).join(', ') || 'none';
      return refused({ why: `${guest.title} has no unused disk of that name.`, next: `Unused disks of it: ${keys}.` });
    }
    if (!isNamed && free.length > 1) {
      return {
        kind: 'ask',
        question: `${guest.title} has ${free.length} unused disks. Which one?`,
        options: free.map(({ key, volume }) => ({
          label: `${key} (${volume})`,
          say: `attach ${key} of ${guest.vmid}`,
        })),
      };
    }
    const key = input.as ?? freeSlot(guest, usualBus(guest));
    if (key === undefined || key in guest.config)
      return refused({ why: `${key ?? 'Every place'} of ${guest.title} is taken.`, next: 'Name another: “as scsi3”.' });
    if (guest.type === 'lxc' && input.path === undefined) {
      const next = `Say the path: “attach ${only.key} of ${guest.vmid} at /data”.`;
      return refused({ why: `Where in ${guest.title} it is to be mounted was not said.`, next });
    }
    const value = guest.type === 'lxc' ? `${only.volume},mp=${input.path ?? ''}` : only.volume;
    return setConfig(
      guest,
      { [key]: value },
      {
        says: `Attach ${only.volume} to ${guest.title} as ${key}`,
        assumptions: input.as === undefined ? [`Disk ${key}: the next free one`] : [],
        expects: [{ ...configFact(guest, key, value), how: 'parts' }, configFact(guest, only.key, null)],
      },
    );
  },
  examples: [
    { say: 'attach unused0 of build-agent', sends: 'clarification' },
    { say: 'reattach the unused disk of dev-sandbox', sends: 'clarification' },
    { say: 'attach unused1 to docker-host-01 as scsi3', sends: 'clarification' },
  ],
});
