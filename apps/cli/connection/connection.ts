/** How pxa signs in to a cluster. */
export type Identity =
  { kind: 'token'; tokenId: string; secret: string } | { kind: 'password'; username: string; password: string };

/** A cluster that can be reached: where, as whom, and how its certificate is known. */
export interface Connection {
  name: string;
  /** `https://host:8006`. */
  url: string;
  identity: Identity;
  /** SHA-256 of the certificate, `AA:BB:…`; where neither this nor `ca` is there, the system's authorities decide. */
  fingerprint?: string;
  /** Authorities to trust, as PEM text. */
  ca?: string;
}

/** Who signs in, without the secret: `root@pam!pxa`. */
export function identityName(identity: Identity): string {
  return identity.kind === 'token' ? identity.tokenId : identity.username;
}
