/** Ways to say that something of a guest is to become something: `noun` as in a template, `slot` the input. */
export function setTo(noun: string, slot: string): string[] {
  const verb = '(set|change|make|adjust|update|modify|edit|switch)';
  return [
    `${verb} ${noun} (of|for|on) {on} to ${slot}`,
    `${verb} {on} ${noun} to ${slot}`,
    `${verb} ${noun} to ${slot} (of|for|on) {on}`,
  ];
}

/** The same without “to”, for values that can be nothing else: “set web-01 memory 8 GB”. */
export function setBare(noun: string, slot: string): string[] {
  const verb = '(set|change|make|adjust|update|modify|edit|switch)';
  return [`${verb} {on} ${noun} ${slot}`, `${verb} ${noun} ${slot} (of|for|on) {on}`];
}

/** Ways to say that it is to grow or shrink by, or to, so much. */
export function changeBy(noun: string, more: string, less: string, to: string): string[] {
  const [up, down] = [
    '(increase|raise|bump|grow|extend|add to|upgrade|up)',
    '(decrease|reduce|lower|shrink|cut|downgrade)',
  ];
  return [
    ...[`${up} ${noun} (of|for|on) {on}`, `${up} {on} ${noun}`].flatMap((head) => [
      `${head} by ${more}`,
      `${head} to ${to}`,
    ]),
    ...[`${down} ${noun} (of|for|on) {on}`, `${down} {on} ${noun}`].flatMap((head) => [
      `${head} by ${less}`,
      `${head} to ${to}`,
    ]),
    ...[`${up} {on}`, `${down} {on}`].map((head) => `${head} to ${to} [of] ${noun}`),
    `${up} {on} by ${more} [of] ${noun}`,
    `${down} {on} by ${less} [of] ${noun}`,
    `(add|give) ${more} [more|additional|extra] [of] ${noun} to {on}`,
    `give {on} ${more} (more|additional|extra) [of] ${noun}`,
  ];
}

/** Ways to say that something is to be on. */
export function turnOn(noun: string): string[] {
  return [
    `(turn on|enable|switch on|activate|set) ${noun} (for|on|of|in) {on}`,
    `(turn|switch) ${noun} on (for|on|of|in) {on}`,
    `(turn on|enable|switch on|activate) {on} ${noun}`,
  ];
}

/** Ways to say that it is to be off. */
export function turnOff(noun: string): string[] {
  return [
    `(turn off|disable|switch off|deactivate|unset|remove) ${noun} (for|on|of|in|from) {on}`,
    `(turn|switch) ${noun} off (for|on|of|in) {on}`,
    `(turn off|disable|switch off|deactivate) {on} ${noun}`,
  ];
}
