import type { Risk } from '@pxa/contract';
import { agentEnabled } from '@pxa/pve/property-string';
import { type Action, type ActionExample, action, type GuestNow, type Planned } from '../kit/index.ts';
import { options } from '../guests/config.ts';
import { setConfig, type Wanted } from './set-config.ts';
import { turnOff, turnOn } from './wording.ts';

/** Something of a guest that is on or off. */
interface Switch {
  readonly id: string;
  /** As a person calls it: `protection`. */
  readonly name: string;
  /** Its words, as a template. */
  readonly noun: string;
  readonly type?: 'qemu' | 'lxc';
  readonly onToo?: readonly string[];
  readonly offToo?: readonly string[];
  readonly set: (guest: GuestNow, on: boolean) => Wanted;
  readonly warn?: (guest: GuestNow, on: boolean) => readonly string[];
  readonly risk?: Risk;
  readonly examples: { readonly on: readonly ActionExample[]; readonly off: readonly ActionExample[] };
}

/** The two actions of a switch. */
function onAndOff(of: Switch): Action[] {
  return [true, false].map((on) =>
    action({
      id: `guest.${of.id}_${on ? 'on' : 'off'}`,
      verb: `turn ${on ? 'on' : 'off'} the ${of.name} of`,
      risk: of.risk ?? 'change',
      on: { dataset: 'guests', templates: true, ...(of.type === undefined ? {} : { type: of.type }) },
      say: on ? [...turnOn(of.noun), ...(of.onToo ?? [])] : [...turnOff(of.noun), ...(of.offToo ?? [])],
      input: {},
      async plan(planning, { target }): Promise<Planned> {
        const guest = await planning.guest(target);
        return setConfig(guest, of.set(guest, on), {
          says: `Turn ${on ? 'on' : 'off'} ${of.name} of ${guest.title}`,
          warnings: of.warn?.(guest, on) ?? [],
        });
      },
      examples: on ? of.examples.on : of.examples.off,
    }),
  );
}

/** The features of a container with nesting on or off; the others are root@pam's alone to change (pve-container). */
function nestingSet(guest: GuestNow, on: boolean): Wanted {
  const others = String(guest.config['features'] ?? '')
    .split(',')
    .filter((part) => part !== '' && !part.startsWith('nesting='));
  const isOn = options(guest.config['features'])['nesting'] === '1';
  if (isOn === on) return { features: (guest.config['features'] as string | undefined) ?? null }; // The key holds a text.
  const set = on ? ['nesting=1', ...others] : others;
  return { features: set.length === 0 ? null : set.join(',') };
}

/** The agent's options with its first part, whether it is on, as wanted (qemu-server Agent.pm). */
function agentSet(guest: GuestNow, on: boolean): Wanted {
  const text = String(guest.config['agent'] ?? '');
  if (text === '') return { agent: on ? '1' : null };
  if (agentEnabled(text) === on) return { agent: text };
  const rest = text.split(',').filter((part) => !/^(enabled=)?[01]$/.test(part));
  return { agent: [on ? '1' : '0', ...rest].join(',') };
}

export const switches: readonly Action[] = [
  {
    id: 'protection',
    name: 'protection',
    noun: '(protection|delete protection|deletion protection)',
    onToo: ['protect {on} [from deletion]'],
    offToo: ['unprotect {on}'],
    set: (_guest: GuestNow, on: boolean): Wanted => ({ protection: on }),
    examples: {
      on: [
        { say: 'turn on protection for build-agent', sends: ['PUT /nodes/pve-node02/qemu/104/config protection=1'] },
        { say: 'protect dev-sandbox', sends: ['PUT /nodes/pve-node02/lxc/203/config protection=1'] },
        { say: 'enable protection of dc01-win2022', sends: ['PUT /nodes/pve-node01/qemu/100/config protection=1'] },
      ],
      off: [
        { say: 'unprotect build-agent', sends: 'answer' as const },
        { say: 'turn off protection for dc01-win2022', sends: 'answer' as const },
        { say: 'disable the protection of dev-sandbox', sends: 'answer' as const },
      ],
    },
  },
  {
    id: 'onboot',
    name: 'start at boot',
    noun: '(start at boot|start on boot|onboot|autostart|auto start|automatic start|boot start)',
    onToo: [
      '(start|boot) {on} (at boot|on boot|automatically|with its node|with the node|when the node boots)',
      '(make|let|have) {on} (start|boot) (at boot|on boot|automatically|with its node|with the node)',
    ],
    offToo: [
      '(do not|never) (start|boot) {on} (at boot|on boot|automatically|with its node|with the node)',
      'do not let {on} (start|boot) (at boot|on boot|automatically)',
    ],
    set: (_guest: GuestNow, on: boolean): Wanted => ({ onboot: on }),
    examples: {
      on: [
        { say: 'enable autostart for build-agent', sends: ['PUT /nodes/pve-node02/qemu/104/config onboot=1'] },
        { say: 'start dev-sandbox at boot', sends: ['PUT /nodes/pve-node02/lxc/203/config onboot=1'] },
        { say: 'enable start at boot for dc01-win2022', sends: 'answer' as const },
      ],
      off: [
        { say: 'disable start at boot for dc01-win2022', sends: ['PUT /nodes/pve-node01/qemu/100/config onboot=0'] },
        { say: 'turn off autostart for build-agent', sends: 'answer' as const },
        { say: 'disable autostart of nginx-proxy', sends: ['PUT /nodes/pve-node01/lxc/200/config onboot=0'] },
      ],
    },
  },
  {
    id: 'agent',
    name: 'guest agent',
    noun: '(agent|guest agent|qemu agent|qemu guest agent)',
    type: 'qemu' as const,
    set: agentSet,
    warn: (guest: GuestNow, on: boolean): string[] =>
      on
        ? [`This only tells Proxmox that there is an agent: it has to be installed inside ${guest.title} as well.`]
        : [],
    examples: {
      on: [
        { say: 'enable the guest agent of build-agent', sends: ['PUT /nodes/pve-node02/qemu/104/config agent=1'] },
        { say: 'enable the guest agent of nginx-proxy', sends: 'clarification' as const },
        { say: 'turn on the qemu guest agent of app-server-prod', sends: 'answer' as const },
      ],
      off: [
        { say: 'turn off the agent of build-agent', sends: 'answer' as const },
        {
          say: 'disable the guest agent of app-server-prod',
          sends: ['PUT /nodes/pve-node01/qemu/101/config agent=0,fstrim_cloned_disks=1'],
        },
        { say: 'disable the guest agent of nginx-proxy', sends: 'clarification' as const },
      ],
    },
  },
  {
    id: 'nesting',
    name: 'nesting',
    noun: '(nesting|docker support|nested containers)',
    type: 'lxc' as const,
    set: nestingSet,
    warn: (guest: GuestNow, on: boolean): string[] =>
      on && Number(guest.config['unprivileged']) !== 1
        ? [`${guest.title} is privileged: with nesting, root inside can reach more of ${guest.node}.`]
        : [],
    examples: {
      on: [
        { say: 'enable nesting for nginx-proxy', sends: ['PUT /nodes/pve-node01/lxc/200/config features=nesting=1'] },
        { say: 'turn on nesting for dev-sandbox', sends: 'answer' as const },
        { say: 'enable nesting for build-agent', sends: 'clarification' as const },
      ],
      off: [
        { say: 'disable nesting for dev-sandbox', sends: ['PUT /nodes/pve-node02/lxc/203/config delete=features'] },
        { say: 'turn off nesting for nginx-proxy', sends: 'answer' as const },
        { say: 'disable nesting for build-agent', sends: 'clarification' as const },
      ],
    },
  },
].flatMap(onAndOff);
