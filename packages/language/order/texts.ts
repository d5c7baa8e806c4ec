import type { Sentence } from '../sentence.ts';
import type { Candidate } from './problem.ts';
import { saysNothing } from './words.ts';
import { table } from '../table.ts';

/** What something new is to be called: one word, or what stands in quotes. Whether Proxmox takes it, the action tells. */
export function namesAt(s: Sentence, at: number): Candidate<string>[] {
  const token = s.tokens[at];
  if (token === undefined || token.word === ',') return [];
  if (token.quoted) return [{ end: at + 1, value: token.text, cost: 0 }];
  if (saysNothing(s, at)) return [];
  const isName = /^[a-z0-9][\w.-]*$/i.test(token.text);
  const isOrdinary = /^[a-z]+$/.test(token.text) && (s.phrases(at).length > 0 || s.cores(at).length > 0);
  return [{ end: at + 1, value: token.text, cost: isOrdinary ? 0.7 : isName ? 0.2 : 0.5 }];
}

/** One word of any kind, or what stands in quotes. */
export function wordAt(s: Sentence, at: number): Candidate<string>[] {
  const token = s.tokens[at];
  if (token === undefined || token.word === ',' || (!token.quoted && saysNothing(s, at))) return [];
  return [{ end: at + 1, value: token.text, cost: token.quoted ? 0 : 0.4 }];
}

/** `web`, `web, prod and db`, `web;prod`: every beginning of the list. */
export function wordListAt(s: Sentence, at: number): Candidate<readonly string[]>[] {
  const found: Candidate<readonly string[]>[] = [];
  const words: string[] = [];
  let place = at;
  for (;;) {
    const [word] = wordAt(s, place);
    if (word === undefined) break;
    words.push(...word.value.split(/[;,]/).filter((each) => each !== ''));
    place = word.end;
    found.push({ end: place, value: [...words], cost: 0.4 + 0.05 * words.length });
    let next = place;
    while (/^(,|and|&)$/.test(s.word(next))) next++;
    if (next === place) break;
    place = next;
  }
  return found.reverse();
}

/** What stands in quotes, or the words from here on; the more words, the likelier others of them meant something. */
export function textsAt(s: Sentence, at: number): Candidate<string>[] {
  const token = s.tokens[at];
  if (token === undefined) return [];
  if (token.quoted) return [{ end: at + 1, value: token.text, cost: 0 }];
  return Array.from({ length: s.tokens.length - at }, (_, index) => {
    const end = s.tokens.length - index;
    return { end, value: s.surface(at, end).replaceAll(' ,', ','), cost: 0.4 * (end - at) };
  });
}

/** `10.0.50.5/24`, `10.0.50.1`, `fd00::5/64`, `dhcp`, `auto`. */
export function addressesAt(s: Sentence, at: number): Candidate<string>[] {
  const token = s.tokens[at];
  if (token === undefined) return [];
  const isAddress =
    /^(\d{1,3}\.){3}\d{1,3}(\/\d{1,3})?$/.test(token.word) ||
    /^(?=.*:.*:)[\da-f:.]+(\/\d{1,3})?$/.test(token.word) ||
    /^(dhcp|dhcp6|auto|slaac|manual)$/.test(token.word);
  return isAddress ? [{ end: at + 1, value: token.word, cost: 0 }] : [];
}

/** `https://…` */
export function urlsAt(s: Sentence, at: number): Candidate<string>[] {
  const text = s.tokens[at]?.text ?? '';
  return /^(https?|ftp):\/\/\S+$/i.test(text) ? [{ end: at + 1, value: text, cost: 0 }] : [];
}

/** `./debian.iso`, `~/images/x.img`, `debian.iso`: a path, or a name with an ending, of the person's own computer. */
export function pathsAt(s: Sentence, at: number): Candidate<string>[] {
  const token = s.tokens[at];
  if (token === undefined) return [];
  if (token.quoted) return [{ end: at + 1, value: token.text, cost: 0 }];
  const isPath = !/^[a-z]+:\/\//i.test(token.text) && /[/\\]|\.\w{2,5}$/.test(token.text);
  return isPath ? [{ end: at + 1, value: token.text, cost: 0.1 }] : [];
}

/** The key of a disk (`scsi0`, `rootfs`), or what it was called: `boot`, `1` (disk 1), `#2` (the second), `` (the only one). */
export function disksAt(s: Sentence, at: number): Candidate<string>[] {
  return partsAt(s, at, {
    key: /^((scsi|virtio|sata|ide|mp|unused|efidisk|tpmstate)\d{1,3}|rootfs)$/,
    nouns: /^(disk|drive|volume|hdd|ssd|harddisk|mountpoint)$/,
    nounBefore: /^(hard|virtual|mount)$/,
    boot: /^(boot|system|root|os|main|primary)$/,
    numbered: (number) => number,
  });
}

/** The key of a network card (`net0`), or what it was called: `#2` (the second), `` (the only one). */
export function nicsAt(s: Sentence, at: number): Candidate<string>[] {
  return partsAt(s, at, {
    key: /^net\d{1,2}$/,
    nouns: /^(nic|card|interface|adapter|adaptor)$/,
    nounBefore: /^(network|ethernet|net|virtual)$/,
    boot: /^(main|primary)$/,
    numbered: (number) => `net${number}`,
  });
}

interface PartWords {
  readonly key: RegExp;
  readonly nouns: RegExp;
  readonly nounBefore: RegExp;
  readonly boot: RegExp;
  readonly numbered: (number: string) => string;
}

const ordinals = table<string>({
  first: '#1', '1st': '#1', second: '#2', '2nd': '#2', third: '#3', '3rd': '#3', fourth: '#4', '4th': '#4', last: '#-1',
  only: '', single: '',
}); // prettier-ignore

/** A part of a guest: by its key, its place, its number, or as the only one of its kind. */
function partsAt(s: Sentence, at: number, words: PartWords): Candidate<string>[] {
  let place = at;
  const its = /^(its|their|the|his|that)$/.test(s.word(place));
  if (its) place++;
  const isKey = words.key.test(s.word(place));
  if (isKey && words.nouns.test(s.tokens[place + 1]?.stem ?? ''))
    return [{ end: place + 2, value: s.word(place), cost: 0 }];
  if (isKey) return [{ end: place + 1, value: s.word(place), cost: 0 }];
  const boot = words.boot.test(s.word(place)) ? 'boot' : ordinals[s.word(place)];
  if (boot !== undefined) place++;
  while (words.nounBefore.test(s.word(place))) place++;
  if (!words.nouns.test(s.tokens[place]?.stem ?? '')) return [];
  place++;
  const whole = { end: place, value: boot ?? '', cost: 0.05 };
  const next = s.word(place).replace(/^#/, '');
  if (boot === undefined && words.key.test(next)) return [{ end: place + 1, value: next, cost: 0 }];
  if (boot === undefined && /^\d$/.test(next)) return [{ end: place + 1, value: words.numbered(next), cost: 0 }, whole];
  return [whole];
}
