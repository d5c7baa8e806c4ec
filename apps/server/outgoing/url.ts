import { isIP } from 'node:net';
import { isOpenAddress, type Reach } from './addresses.ts';

/** Why an address that somebody gave is not gone to: one word for programs, and a sentence. */
export interface Refused {
  readonly reason: 'not_a_url' | 'not_http' | 'has_credentials' | 'private_address' | 'not_found';
  readonly says: string;
}

export type Checked = { readonly ok: true; readonly url: URL } | ({ readonly ok: false } & Refused);

const LONGEST = 2_000;

const OPEN = 'Whoever runs the service can allow it: allow_private_addresses, or PXA_WEBHOOK_ALLOW_PRIVATE=1.';

/**
 * What of an address can be told without asking anybody: its form, and where it names an address itself. URL reads every
 * spelling of one (decimal, octal, hexadecimal, short) as the address that it stands for.
 */
export function checkUrl(text: string, reach: Reach): Checked {
  const url = text.length > LONGEST ? null : URL.parse(text);
  if (url === null) return refused('not_a_url', 'That is no address: write it as https://example.com/path.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refused('not_http', 'Only addresses that begin with https:// or http:// are gone to.');
  }
  if (url.username !== '' || url.password !== '') {
    return refused('has_credentials', 'An address with a user or a password in it is not kept. Leave them out.');
  }
  const literal = literalOf(url);
  if (literal !== undefined && !isOpenAddress(literal, reach)) return closed(literal, reach);
  return { ok: true, url };
}

/** The address that a URL names itself, without a name that would have to be looked up. */
export function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}

/** That an address is not gone to, by itself or as what a name leads to. */
export function closed(address: string, { allowPrivate }: Reach, host?: string): { ok: false } & Refused {
  // What a name leads to inside is not for everybody to learn.
  const what = host === undefined ? `${address} is` : `${host} leads to an address that is`;
  if (allowPrivate)
    return refused('private_address', `${what} where a cloud tells its secrets, so it is never gone to.`);
  return refused('private_address', `${what} not on the public internet, so it is not gone to. ${OPEN}`);
}

export function refused(reason: Refused['reason'], says: string): { ok: false } & Refused {
  return { ok: false, reason, says };
}
