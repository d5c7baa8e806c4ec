import type { Input, SlotKind } from '@pxa/catalog';
import { parseTemplate, type Part } from '../template.ts';

/** Chooses one of so many. */
export type Choose = (count: number) => number;

/** What was said of an input, and what it is to come to. */
export interface SaidValue {
  readonly text: string;
  readonly value: unknown;
}

/** An order made of a template, and what was said in it. */
export interface SaidOrder {
  readonly text: string;
  readonly on: SaidValue | undefined;
  readonly input: ReadonlyMap<string, SaidValue>;
}

/** Makes a sentence of a template: alternatives and what may be left out are chosen, slots are filled. */
export function sayTemplate(
  template: string,
  choose: Choose,
  slot: (input: string) => SaidValue,
  on: () => SaidValue,
): SaidOrder {
  const words: string[] = [];
  const input = new Map<string, SaidValue>();
  let target: SaidValue | undefined;
  const say = (part: Part): void => {
    if (part.t === 'word') words.push(part.word);
    else if (part.t === 'either') for (const each of part.of[choose(part.of.length)] ?? []) say(each);
    else if (part.t === 'slot') {
      const said = input.get(part.input) ?? slot(part.input);
      input.set(part.input, said);
      words.push(said.text);
    } else if (part.t === 'on') {
      target ??= on();
      words.push(target.text);
    }
  };
  const rows = parseTemplate(template);
  for (const part of rows[choose(rows.length)] ?? []) say(part);
  return { text: words.join(' '), on: target, input };
}

const gib = 1024 ** 3;

/** Words for a value of each kind, on the names of the examples. */
const values: Readonly<Record<Exclude<SlotKind, 'choice'>, readonly SaidValue[]>> = {
  size: [
    { text: '8 GB', value: 8 * gib },
    { text: '512 MiB', value: gib / 2 },
    { text: '2 gigs', value: 2 * gib },
    { text: '1T', value: 1024 * gib },
  ],
  count: [
    { text: '2', value: 2 },
    { text: 'four', value: 4 },
    { text: '12', value: 12 },
  ],
  duration: [
    { text: '5 minutes', value: 300 },
    { text: '90s', value: 90 },
  ],
  time: [
    { text: '5 minutes', value: { ago: 300 } },
    { text: 'March', value: { month: 3 } },
    { text: 'last Tuesday', value: { weekday: 2 } },
    { text: '5 February', value: { month: 2, day: 5 } },
  ],
  flag: [
    { text: 'on', value: true },
    { text: 'disabled', value: false },
  ],
  name: [
    { text: 'demo-vm-01', value: 'demo-vm-01' },
    { text: '"big one"', value: 'big one' },
    { text: 'Zulu_7', value: 'Zulu_7' },
  ],
  word: [
    { text: 'xy12', value: 'xy12' },
    { text: '"a b"', value: 'a b' },
  ],
  words: [{ text: '"x1", "y2" and "z3"', value: ['x1', 'y2', 'z3'] }],
  text: [{ text: '"as it was said, and no more"', value: 'as it was said, and no more' }],
  address: [
    { text: '10.0.50.5/24', value: '10.0.50.5/24' },
    { text: 'fd00::5/64', value: 'fd00::5/64' },
    { text: 'dhcp', value: 'dhcp' },
  ],
  path: [
    { text: './debian.iso', value: './debian.iso' },
    { text: '~/images/x.img', value: '~/images/x.img' },
  ],
  url: [{ text: 'https://example.org/x.iso', value: 'https://example.org/x.iso' }],
  clock: [
    { text: '2:30', value: '02:30' },
    { text: '2 am', value: '02:00' },
    { text: '11:15pm', value: '23:15' },
    { text: 'midnight', value: '00:00' },
  ],
  schedule: [
    { text: 'daily at 2:30', value: '02:30' },
    { text: 'every sunday 01:00', value: 'sun 01:00' },
    { text: 'hourly', value: 'hourly' },
    { text: 'mon..fri 22:00', value: 'mon..fri 22:00' },
    { text: 'every 15 minutes', value: '*/15' },
    { text: 'mondays and thursdays at 3 am', value: 'mon,thu 03:00' },
  ],
  node: [
    { text: 'pve-node02', value: 'pve-node02' },
    { text: 'PVE-NODE03', value: 'pve-node03' },
  ],
  storage: [
    { text: 'nas', value: 'nas' },
    { text: 'local-zfs', value: 'local-zfs' },
  ],
  pool: [{ text: 'lab', value: 'lab' }],
  user: [{ text: 'anna@pve', value: 'anna@pve' }],
  guest: [{ text: 'web-02', value: 'qemu/102' }],
  guests: [{ text: '101, 102 and nginx-proxy', value: ['qemu/101', 'qemu/102', 'lxc/201'] }],
  vmid: [{ text: '4711', value: 4711 }],
  disk: [
    { text: 'scsi0', value: 'scsi0' },
    { text: 'the second disk', value: '#2' },
    { text: 'disk 1', value: '1' },
    { text: 'its boot disk', value: 'boot' },
  ],
  nic: [
    { text: 'net1', value: 'net1' },
    { text: 'its second network card', value: '#2' },
  ],
  bridge: [{ text: 'vmbr1', value: 'vmbr1' }],
};

/** Words for some value of an input. */
export function sayValue({ kind, values: choices = {} }: Input, choose: Choose): SaidValue {
  if (kind === 'choice') {
    const [value, words] = Object.entries(choices)[choose(Object.keys(choices).length)] ?? ['', ''];
    return {
      text:
        sayTemplate(
          words,
          choose,
          () => nothing,
          () => nothing,
        ).text || value,
      value,
    };
  }
  const list = values[kind];
  return list[choose(list.length)] ?? nothing;
}

const nothing: SaidValue = { text: '', value: undefined };

/** An input by one of its wordings. */
export function sayInput(input: Input, choose: Choose): SaidValue {
  const isNo = input.no !== undefined && choose(2) === 1;
  const wordings = isNo ? (input.no ?? []) : input.say;
  const wording = wordings[choose(wordings.length)] ?? '';
  const { text, input: said } = sayTemplate(
    wording,
    choose,
    () => sayValue(input, choose),
    () => nothing,
  );
  const [value] = said.values();
  return { text, value: value === undefined ? !isNo : value.value };
}
