import { type Action, action, type GuestNow, type Planned, refused } from '../kit/index.ts';
import { options } from '../guests/config.ts';
import { interrupts, isNic, nic, nicOf, withOption } from './nics.ts';
import { setConfig } from './set-config.ts';
import { setTo } from './wording.ts';

const onGuest = { dataset: 'guests', templates: true } as const;

/** One option of an interface that is on or off, and what it is said to be. */
interface NicSwitch {
  readonly id: string;
  readonly verb: string;
  readonly option: string;
  /** The value where it is wanted so; undefined takes the option out. */
  readonly to: string | undefined;
  readonly say: readonly string[];
  readonly says: (key: string, guest: GuestNow) => string;
  readonly warnings?: (key: string, guest: GuestNow) => readonly string[];
  readonly isCut: boolean;
  readonly examples: Action['examples'];
}

function nicSwitch(of: NicSwitch): Action {
  return action({
    id: of.id,
    verb: of.verb,
    risk: 'disruptive',
    on: onGuest,
    say: of.say,
    input: { nic: { kind: 'nic', say: nic.say } },
    async plan(planning, { target, input }): Promise<Planned> {
      const guest = await planning.guest(target);
      const found = nicOf(guest, input.nic);
      if (!isNic(found)) return found;
      const isNow = options(found.value)[of.option];
      if ((isNow === '1' ? '1' : undefined) === of.to)
        return { kind: 'already', text: `${found.key} of ${guest.title} is set so already.` };
      const cut = of.isCut ? interrupts(guest) : { risk: 'change' as const, warnings: [] };
      return setConfig(
        guest,
        { [found.key]: withOption(found.value, of.option, of.to) },
        {
          says: of.says(found.key, guest),
          ...cut,
          warnings: [...cut.warnings, ...(of.warnings?.(found.key, guest) ?? [])],
        },
      );
    },
    examples: of.examples,
  });
}

const link = '(network|network cable|cable|network link|link|network connection)';

export const linkDown = nicSwitch({
  id: 'guest.link_down',
  verb: 'disconnect the network of',
  option: 'link_down',
  to: '1',
  say: [
    `(disconnect|unplug|cut|pull|take down) ${link} (of|from|for) {on} {*}`,
    `(disconnect|unplug) {on} from network {*}`,
    `(disconnect|unplug|take down) {nic} (of|on|from) {on}`,
    `(take|bring|set|turn|switch) {nic} (of|on|for) {on} (down|off)`,
    `(take|bring|set|turn) (link|network link|network) (of|on|for) {on} (down|off) {*}`,
    '(set|take) link of {nic} of {on} down',
    '(disable|turn off|switch off) (network|networking|network connection) (of|for|on) {on} {*}',
    '(disable|turn off|switch off) {nic} (of|on|for) {on}',
  ],
  says: (key, guest) => `Disconnect ${key} of ${guest.title}`,
  isCut: true,
  examples: [
    {
      say: 'disconnect the network of build-agent',
      sends: [
        'PUT /nodes/pve-node02/qemu/104/config net0=virtio=BC:24:11:00:00:68,bridge=vmbr0,firewall=1,tag=40,link_down=1',
      ],
    },
    { say: 'take net0 of app-server-prod down', sends: ['PUT /nodes/pve-node01/qemu/101/config'] },
    { say: 'take net3 of build-agent down', sends: 'clarification' },
  ],
});

export const linkUp = nicSwitch({
  id: 'guest.link_up',
  verb: 'connect the network of',
  option: 'link_down',
  to: undefined,
  say: [
    `(connect|reconnect|plug in|bring up|restore) ${link} (of|for) {on} {*}`,
    `(connect|reconnect) {on} to network [again] {*}`,
    `(connect|reconnect|bring up) {nic} (of|on) {on} [again]`,
    `(take|bring|set|turn|switch) {nic} (of|on|for) {on} (up|on) [again]`,
    `(take|bring|set|turn) (link|network link|network) (of|on|for) {on} (up|on) [again] {*}`,
    '(enable|turn on|switch on) {nic} (of|on|for) {on}',
    '(enable|turn on|switch on) (network|networking|network connection) (of|for|on) {on} {*}',
  ],
  says: (key, guest) => `Connect ${key} of ${guest.title}`,
  isCut: false,
  examples: [
    { say: 'bring net0 of build-agent up', sends: 'answer' },
    { say: 'reconnect the network of dev-sandbox', sends: 'answer' },
    { say: 'enable net3 of build-agent', sends: 'clarification' },
  ],
});

const firewall = '(firewall|firewall flag)';

/** A flag of the interface lets the guest's rules work on it; whether the guest has its firewall on is another thing. */
const needsMore = (_key: string, guest: GuestNow): string[] => [
  `Rules only work where the firewall of ${guest.title}, and that of the datacenter, are on as well.`,
];

export const nicFirewallOn = nicSwitch({
  id: 'guest.nic_firewall_on',
  verb: 'turn on the firewall of an interface of',
  option: 'firewall',
  to: '1',
  say: [`(turn on|enable|switch on|activate|set) ${firewall} (on|of|for) {nic} (of|on|for) {on}`],
  says: (key, guest) => `Let the firewall filter ${key} of ${guest.title}`,
  warnings: needsMore,
  isCut: false,
  examples: [
    { say: 'enable the firewall on net0 of build-agent', sends: 'answer' },
    { say: 'turn on the firewall flag on net2 of build-agent', sends: 'clarification' },
    { say: 'enable the firewall on net0 of monitoring-stack', sends: 'answer' },
  ],
});

export const nicFirewallOff = nicSwitch({
  id: 'guest.nic_firewall_off',
  verb: 'turn off the firewall of an interface of',
  option: 'firewall',
  to: undefined,
  say: [`(turn off|disable|switch off|deactivate|remove) ${firewall} (on|of|for|from) {nic} (of|on|for) {on}`],
  says: (key, guest) => `Take ${key} of ${guest.title} out of the firewall`,
  warnings: (key) => [`Nothing filters ${key} any more.`],
  isCut: false,
  examples: [
    {
      say: 'disable the firewall on net0 of build-agent',
      sends: ['PUT /nodes/pve-node02/qemu/104/config net0=virtio=BC:24:11:00:00:68,bridge=vmbr0,tag=40'],
    },
    {
      say: 'turn off the firewall on net0 of nginx-proxy',
      sends: [
        'PUT /nodes/pve-node01/lxc/200/config net0=name=eth0,bridge=vmbr0,tag=20,hwaddr=BC:24:11:00:00:C8,ip=10.10.20.5/24,gw=10.10.20.1,type=veth',
      ],
    },
    { say: 'disable the firewall on net2 of build-agent', sends: 'clarification' },
  ],
});

/** Megabytes a second of `50`, `50MB/s`, `50 MB/s`; of `400Mbit/s` an eighth. Undefined where it is none. */
function rateOf(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(.*)$/.exec(text.trim().toLowerCase()) ?? [];
  const bits = /^(m|mega)?bi?ts?(\/s|ps|persec| per second)?$|^mbps$/.test(unit) && !/^mb\/s$/.test(unit);
  if (number === '' || !(bits || /^(mb\/s|mb|m|megabytes?( per second)?|mb per second|)$/.test(unit))) return undefined;
  const rate = bits ? Number(number) / 8 : Number(number);
  return rate > 0 && rate < 100_000 ? Math.round(rate * 1_000) / 1_000 : undefined;
}

export const rateLimit = action({
  id: 'guest.rate_limit',
  verb: 'limit the network of',
  risk: 'change',
  on: onGuest,
  say: [
    ...setTo('(rate limit|network rate|network rate limit|bandwidth|bandwidth limit|network limit)', '{rate}'),
    ...['(rate limit|network rate|bandwidth|rate) of'].flatMap((noun) => [
      `(set|change) ${noun} {nic} (of|on) {on} to {rate}`,
    ]),
    `limit (network|bandwidth|network traffic|traffic|network speed) (of|for|on) {on} to {rate}`,
    `limit {nic} (of|on|for) {on} to {rate}`,
    '(remove|lift|drop|unset|turn off|disable) (rate limit|bandwidth limit|network rate limit|network limit) (of|from|for|on) {on} {*}',
  ],
  input: { rate: { kind: 'text', say: [] }, nic: { kind: 'nic', say: nic.say } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const found = nicOf(guest, input.nic);
    if (!isNic(found)) return found;
    const rate = input.rate === undefined ? undefined : rateOf(input.rate);
    if (input.rate !== undefined && rate === undefined) {
      const next = 'Name megabytes a second: “limit net0 of 104 to 50 MB/s”.';
      return refused({ why: `“${input.rate}” is no rate of a network.`, next });
    }
    const says =
      rate === undefined
        ? `Take the rate limit from ${found.key} of ${guest.title}`
        : `Limit ${found.key} of ${guest.title} to ${rate} MB/s`;
    const to = rate === undefined ? undefined : String(rate);
    return setConfig(guest, { [found.key]: withOption(found.value, 'rate', to) }, { says });
  },
  examples: [
    {
      say: 'limit net0 of build-agent to 50 MB/s',
      sends: [
        'PUT /nodes/pve-node02/qemu/104/config net0=virtio=BC:24:11:00:00:68,bridge=vmbr0,firewall=1,tag=40,rate=50',
      ],
    },
    { say: 'remove the rate limit of build-agent', sends: 'answer' },
    { say: 'limit the network of build-agent to nothing', sends: 'clarification' },
  ],
});

export const nicModel = action({
  id: 'guest.nic_model',
  verb: 'change the network card model of',
  risk: 'disruptive',
  on: { dataset: 'guests', type: 'qemu', templates: true },
  say: [
    ...setTo('(nic model|network model|network card model|nic type|network card type|interface model)', '{model}').map(
      (say) => `${say} {*}`,
    ),
    '(set|change) model of {nic} (of|on) {on} to {model}',
    '(set|change|switch) {nic} (of|on) {on} to {model}',
  ],
  input: {
    model: {
      kind: 'choice',
      say: [],
      values: {
        virtio: 'virtio|virtio-net|virtio net',
        e1000: 'e1000|intel e1000',
        e1000e: 'e1000e',
        rtl8139: 'rtl8139|realtek',
        vmxnet3: 'vmxnet3|vmware',
      },
      ask: 'Which model: virtio, e1000, e1000e, rtl8139 or vmxnet3?',
    },
    nic: { kind: 'nic', say: nic.say },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const found = nicOf(guest, input.nic);
    if (!isNic(found)) return found;
    const { model = 'virtio' } = input;
    // The model is written before its MAC address, which stays (qemu-server Network.pm).
    const [first = '', ...rest] = found.value.split(',');
    const mac = first.includes('=') ? first.slice(first.indexOf('=')) : '';
    return setConfig(
      guest,
      { [found.key]: [`${model}${mac}`, ...rest].join(',') },
      {
        says: `Make ${found.key} of ${guest.title} a ${model} card`,
        ...interrupts(guest),
        ...(model === 'virtio'
          ? { warnings: [...interrupts(guest).warnings, 'Windows needs the VirtIO driver for it.'] }
          : {}),
      },
    );
  },
  examples: [
    {
      say: 'change the nic model of build-agent to e1000',
      sends: ['PUT /nodes/pve-node02/qemu/104/config net0=e1000=BC:24:11:00:00:68,bridge=vmbr0,firewall=1,tag=40'],
    },
    { say: 'change the nic model of build-agent to virtio', sends: 'answer' },
    {
      say: 'change the nic model of app-server-prod to rtl8139',
      sends: ['PUT /nodes/pve-node01/qemu/101/config net0=rtl8139=BC:24:11:00:00:65,bridge=vmbr0,firewall=1,tag=20'],
    },
  ],
});
