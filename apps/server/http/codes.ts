/** What a code of an error means to whoever gets it. */
interface CodeSaid {
  /** The HTTP statuses that it comes with. */
  readonly status: readonly number[];
  /** When it is given. */
  readonly when: string;
  /** What to do next. */
  readonly next: string;
}

/**
 * The codes of errors; a client decides by them and not by the texts. docs/errors.md is made from this table, so a new
 * code says at once when it is given and what to do about it.
 */
export const CODES = {
  BAD_REQUEST: {
    status: [400],
    when: 'The request cannot be read: its JSON, its path, a header, or the type of a value in its query.',
    next: 'Correct the request. `details.field` names the part, where there is one.',
  },
  INVALID_CREDENTIALS: {
    status: [401],
    when: 'A name and password were sent that are not known, or to a service that does not take them: Basic authentication is for development only.',
    next: 'Send a token instead: `Authorization: Bearer pxa_…`. For development, start the service with `--dev` and a user.',
  },
  INVALID_TOKEN: {
    status: [401],
    when: 'No token was sent, or one that is not known, has ended, was revoked, or is not from the issuer, or not for this service.',
    next: 'Make a new token (`POST /v1/auth/tokens`), or sign in again at the identity provider.',
  },
  INSUFFICIENT_PERMISSIONS: {
    status: [403],
    when: 'The token is good, but lacks the scope that this needs.',
    next: 'Use a token with the scope in `details.required_scope`, or ask who runs the service for one.',
  },
  RESOURCE_NOT_FOUND: {
    status: [404],
    when: 'The path names something that is not there.',
    next: 'List what is there; ids are those of the lists.',
  },
  METHOD_NOT_ALLOWED: {
    status: [405],
    when: 'The path is there, but not for this method.',
    next: 'The OpenAPI document (`/v1/openapi.json`) has the methods of each path.',
  },
  REQUEST_TIMEOUT: {
    status: [408],
    when: 'The headers or the body did not arrive in time: a JSON body as a whole within 30 seconds, a file without a pause as long.',
    next: 'Send it again over a better connection. Nothing was done.',
  },
  RESOURCE_CONFLICT: {
    status: [409],
    when: 'The request cannot be carried out as things are: a name is taken, a state is in the way, an approval was used or refused.',
    next: 'Read the message: it names what is in the way. Change that, or the request.',
  },
  PAYLOAD_TOO_LARGE: {
    status: [413],
    when: 'The body is larger than is accepted here: 1 MiB for JSON.',
    next: 'Send less at a time. Files go to the upload routes.',
  },
  URI_TOO_LONG: {
    status: [414],
    when: 'A part of the path is longer than any id is.',
    next: 'Take the id from a list.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: [415],
    when: 'The body is of a type that this route does not read, or is encoded (`content-encoding`).',
    next: 'Send JSON with `content-type: application/json`; files with `multipart/form-data` where the route takes files.',
  },
  VALIDATION_ERROR: {
    status: [422],
    when: 'The request is well formed, but a field of it is not acceptable, not known, or names something that is not there.',
    next: '`details.field` names the field, `details.reason` says what is wrong with it in one word.',
  },
  RATE_LIMIT_EXCEEDED: {
    status: [429],
    when: 'The token has made as many requests of this category as it may.',
    next: 'Wait as long as `Retry-After` says. Refused requests do not count.',
  },
  RESOURCE_LIMIT_EXCEEDED: {
    status: [422, 429, 503],
    when: 'A limit of the service or of the cluster is reached.',
    next: 'Read the message: it names the limit. Free something, or ask who runs the service.',
  },
  HEADERS_TOO_LARGE: {
    status: [431],
    when: 'The headers are larger than 16 KiB.',
    next: 'Send fewer or shorter headers.',
  },
  MAINTENANCE_MODE: {
    status: [503],
    when: 'The service is being maintained: changes and approvals are refused, reads go on.',
    next: 'Send it again after `Retry-After`. Nothing was done.',
  },
  CLUSTER_UNAVAILABLE: {
    status: [503],
    when: 'The Proxmox cluster did not answer, or not what was needed.',
    next: 'Read the message and `details.next_step`. `GET /v1/health` tells whether the cluster is reached.',
  },
  STORE_UNAVAILABLE: {
    status: [503],
    when: 'The database of the service did not answer. `details.reason` is `not_done` where nothing was done, `unknown` where the connection broke off while something was being written.',
    next: 'Send it again later. With an `Idempotency-Key`, sending it again never acts twice.',
  },
  IDENTITY_UNAVAILABLE: {
    status: [503],
    when: 'The identity provider could not be asked for its keys, so an OAuth token could not be checked.',
    next: 'Send it again later, or use a token of the service.',
  },
  NOT_READY: {
    status: [503],
    when: 'This replica takes no requests: it is stopping, or its database or every cluster is out of reach.',
    next: 'Ask another replica; what balances the load does so by `/readyz`.',
  },
  INTERNAL_ERROR: {
    status: [500],
    when: 'Something went wrong inside the service.',
    next: 'Tell who runs the service the request id: the log has the cause under it. Whether a change began, `GET /v1/jobs` tells.',
  },
} as const satisfies Record<string, CodeSaid>;

export type ProblemCode = keyof typeof CODES;
