import { memoryBytes } from '@pxa/pve/property-string';
import { asNumber } from '@pxa/pve/values';
import { action, type GuestNow, type Planned, refused, sizeText } from '../kit/index.ts';
import { setConfig } from './set-config.ts';
import { changeBy, setBare, setTo, turnOff, turnOn } from './wording.ts';

const MiB = 2 ** 20;
const onVm = { dataset: 'guests', type: 'qemu', templates: true } as const;
const noun = '(ballooning|balloon|memory ballooning|balloon device|balloon driver)';

/** Going on and off needs the device, which a running VM gets or loses at its next start (qemu-server, hotplug). */
function late(guest: GuestNow): string[] {
  if (guest.status === 'stopped') return [];
  return [`${guest.title} is running: this comes into effect with its next stop and start.`];
}

const shown = (_key: string, value: unknown): string => (Number(value) === 0 ? 'off' : sizeText(Number(value) * MiB));

export const balloon = action({
  id: 'guest.balloon',
  verb: 'change the minimum memory of',
  risk: 'change',
  on: onVm,
  say: [
    ...setTo(
      '(minimum memory|min memory|minimum ram|least memory|balloon|balloon memory|balloon minimum|ballooning)',
      '{to}',
    ),
    `(let|allow) {on} [to] (balloon|shrink) [down] to {to}`,
    '(turn on|enable) ballooning (for|of|on) {on} (down to|with|at|with a minimum of) {to}',
  ],
  input: { to: { kind: 'size', say: [], ask: 'How much memory is it to keep at least?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { to = 0 } = input;
    const memory = memoryBytes(String(guest.config['memory'] ?? '512')) ?? 512 * MiB;
    const say = `set the minimum memory of ${guest.vmid} to ${Math.max(1, Math.floor(memory / 2 ** 31))} GB`;
    if (to < 16 * MiB)
      return refused({ why: `${sizeText(to)} is too little for a VM to run with.`, next: 'Name more.', say });
    if (to > memory) {
      const why = `${guest.title} has ${sizeText(memory)} of memory; it cannot keep ${sizeText(to)} at least.`;
      return refused({ why, next: 'Name less, or give it more memory first.', say });
    }
    const wasOff = asNumber(guest.config['balloon']) === 0;
    return setConfig(
      guest,
      { balloon: Math.round(to / MiB) },
      {
        says: `Set the minimum memory of ${guest.title} to ${sizeText(to)}`,
        warnings: [
          ...(wasOff ? late(guest) : []),
          `Where ${guest.node} runs short, it takes memory from ${guest.title} down to that, if its system has the balloon driver.`,
        ],
        show: shown,
      },
    );
  },
  examples: [
    {
      say: 'set the minimum memory of build-agent to 2 GB',
      sends: ['PUT /nodes/pve-node02/qemu/104/config balloon=2048'],
    },
    { say: 'set the balloon of build-agent to 900 GB', sends: 'clarification' },
    { say: 'let build-agent shrink to 1 GB', sends: ['PUT /nodes/pve-node02/qemu/104/config balloon=1024'] },
  ],
});

export const balloonOff = action({
  id: 'guest.balloon_off',
  verb: 'turn off the ballooning of',
  risk: 'change',
  on: onVm,
  say: turnOff(noun),
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const guest = await planning.guest(target);
    return setConfig(
      guest,
      { balloon: 0 },
      { says: `Turn off ballooning of ${guest.title}`, warnings: late(guest), show: shown },
    );
  },
  examples: [
    { say: 'disable ballooning for build-agent', sends: ['PUT /nodes/pve-node02/qemu/104/config balloon=0'] },
    { say: 'turn off ballooning for docker-host-01', sends: ['PUT /nodes/pve-node01/qemu/103/config balloon=0'] },
    { say: 'disable ballooning for nginx-proxy', sends: 'clarification' },
  ],
});

export const balloonOn = action({
  id: 'guest.balloon_on',
  verb: 'turn on the ballooning of',
  risk: 'change',
  on: onVm,
  say: turnOn(noun),
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const guest = await planning.guest(target);
    if (asNumber(guest.config['balloon']) !== 0)
      return {
        kind: 'already',
        text: `${guest.title} has its balloon device; “set the minimum memory of ${guest.vmid} to …” says how far it may shrink.`,
      };
    return setConfig(
      guest,
      { balloon: null },
      { says: `Turn on ballooning of ${guest.title}`, warnings: late(guest), show: shown },
    );
  },
  examples: [
    { say: 'enable ballooning for build-agent', sends: 'answer' },
    { say: 'turn on the balloon device of docker-host-01', sends: 'answer' },
    { say: 'enable ballooning for nginx-proxy', sends: 'clarification' },
  ],
});

export const swap = action({
  id: 'guest.swap',
  verb: 'change the swap of',
  risk: 'change',
  on: { dataset: 'guests', type: 'lxc', templates: true },
  say: [
    ...setTo('(swap|swap space|swap size)', '{to}'),
    ...setBare('swap', '{to}'),
    ...changeBy('(swap|swap space)', '{more}', '{less}', '{to}'),
    '(give|assign|allocate) {on} {to} [of] swap',
    ...turnOff('swap'),
  ],
  input: { to: { kind: 'size', say: [] }, more: { kind: 'size', say: [] }, less: { kind: 'size', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { more, less } = input;
    const by = more ?? (less === undefined ? undefined : -less);
    const to = by === undefined ? (input.to ?? 0) : Number(guest.config['swap'] ?? 512) * MiB + by;
    if (to < 0 || to >= 2 ** 46)
      return refused({
        why: `${sizeText(to)} is no swap that a container can have.`,
        next: 'Name another size.',
        say: `set the swap of ${guest.vmid} to 1 GB`,
      });
    return setConfig(
      guest,
      { swap: Math.round(to / MiB) },
      {
        says: to === 0 ? `Turn off the swap of ${guest.title}` : `Set the swap of ${guest.title} to ${sizeText(to)}`,
        show: shown,
      },
    );
  },
  examples: [
    { say: 'set the swap of dev-sandbox to 1 GB', sends: ['PUT /nodes/pve-node02/lxc/203/config swap=1024'] },
    { say: 'turn off swap for nginx-proxy', sends: ['PUT /nodes/pve-node01/lxc/200/config swap=0'] },
    { say: 'set the swap of dev-sandbox to -1 GB', sends: 'clarification' },
  ],
});
