/** Why there is no data, told so that a person can act on it. */
export interface Problem {
  kind: ProblemKind;
  /** The HTTP status; 0 where there was no answer. */
  status: number;
  /** What happened, and where. */
  message: string;
  next_step: string;
  /** Of a refused privilege: where it is needed, and which; of several, any one does where Proxmox says `A|B`. */
  missing?: { path: string; privileges: string[] };
  /** By parameter, what Proxmox has against it. */
  errors?: Record<string, string>;
  /** Of a certificate that was not accepted: SHA-256 fingerprints, the expected one where one was pinned. */
  certificate?: { presented: string; expected?: string };
}

export type ProblemKind =
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'not_implemented'
  | 'node_unreachable'
  | 'no_quorum'
  | 'timeout'
  | 'unreachable'
  | 'certificate'
  | 'not_proxmox'
  | 'server'
  | 'cancelled';

/** What a problem's words need to know of the request that met it. */
export interface Circumstances {
  method: string;
  /** Without /api2/json and without the query. */
  path: string;
  /** Where it was sent: `host:port`. */
  at: string;
  /** As whom: `the API token root@pam!x`. */
  who: string;
  /** The node that the path names. */
  node?: string | undefined;
}
