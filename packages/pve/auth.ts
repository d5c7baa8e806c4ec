import type { Headers } from './transport/door.ts';
import type { Problem } from './problem.ts';
import { Secret, scrub } from './secret.ts';
import { SettingsError } from './transport/address.ts';

/** How to sign in. */
export type Credentials =
  | { kind: 'token'; tokenId: string; secret: string }
  | {
      kind: 'password';
      username: string;
      realm?: string;
      password: string;
      /** A TOTP code or a recovery key. It is used for one login only: neither is good for a second. */
      otp?: string;
      /** Asks a person for a code; gets the kinds that the account knows (`totp`, `recovery`, `yubico`). */
      askOtp?: (kinds: string[]) => Promise<string>;
    };

/**
 * What a request needs in order to be let in. `generation` names the ticket, so that its refusal can be told.
 * `call` is the entry of `calls` that tells of the login that failed, or -1 where none was made for this request.
 */
export type Authorization =
  | { readonly ok: true; readonly read: Headers; readonly write: Headers; readonly generation: number }
  | { readonly ok: false; readonly problem: Problem; readonly call: number };

/** What an HTTP POST of the login form gave, and which entry of `calls` tells of it. */
export type LoginResult =
  | { readonly ok: true; readonly data: unknown; readonly call: number }
  | { readonly ok: false; readonly problem: Problem; readonly call: number };

/** Posts the login form on behalf of the request that needs it. */
export type PostLogin = (form: Readonly<Record<string, string>>) => Promise<LoginResult>;

/** Who is asking, in one of Proxmox's two ways. */
export interface Identity {
  /** As whom, in words: `the API token root@pam!x`. */
  readonly who: string;
  authorize(post: PostLogin): Promise<Authorization>;
  /** The server refused the ticket of this generation; says whether another can be had. */
  refused(generation: number): boolean;
  /** A text without the secrets, should a server have echoed one. */
  scrub(text: string): string;
}

/** pve-access-control: a token's name has at least two characters (AccessControl.pm, token_subid_regex). */
const TOKEN_ID = /^[^\s:/!@]+(?:@[^\s:/!@]+)*@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+$/;

/**
 * An API token: one header, no login, no CSRF header, no end but its own.
 *
 * @throws SettingsError for an id or a secret that cannot be one. The message holds neither.
 */
export function tokenIdentity(tokenId: string, secret: string): Identity {
  if (!TOKEN_ID.test(tokenId)) {
    throw new SettingsError('The token id must be written USER@REALM!NAME, as in root@pam!assistant.');
  }
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new SettingsError("The token's secret is empty or holds characters that a secret cannot have.");
  }
  const hidden = new Secret(secret);
  return {
    who: `the API token ${tokenId}`,
    authorize: () => {
      const headers = { authorization: `PVEAPIToken=${tokenId}=${hidden.reveal()}` };
      return Promise.resolve({ ok: true, read: headers, write: headers, generation: 0 });
    },
    refused: () => false,
    scrub: (text) => scrub(text, [hidden]),
  };
}
