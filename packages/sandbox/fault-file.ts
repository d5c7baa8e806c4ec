/** Says on which requests a fault acts and when; absent = on all, always. */
interface Common {
  method?: string;
  /** Below /api2/json; `*` stands for one part, `**` for any number. */
  path?: string;
  node?: string;
  /** On how many requests it acts. */
  times?: number;
  /** Seconds of the sandbox's clock until it begins, and for how long it acts. */
  after_s?: number;
  for_s?: number;
}

export type Fault = Common &
  (
    | { fault: 'latency'; ms: number }
    | { fault: 'error'; status: number; message?: string }
    | { fault: 'drop'; when?: 'before' | 'after' }
    | { fault: 'hang' }
    | { fault: 'node_down'; node: string }
    | { fault: 'no_quorum' }
    | { fault: 'expired_ticket' }
    | { fault: 'revoked_privilege'; privilege: string; on?: string; who?: string }
    | { fault: 'changed_certificate' }
    | { fault: 'slow_storage'; storage: string; ms: number }
  );

export type FaultOf<K extends Fault['fault']> = Extract<Fault, { fault: K }>;

/** A fault file that cannot be used; the message names the place: `faults[2].ms: …`. */
export class InvalidFaults extends Error {}

interface Field {
  is: string;
  test: (value: unknown) => boolean;
  required?: true;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const oneOf = (...words: string[]): Field => ({
  is: `one of ${words.join(', ')}`,
  test: (value) => words.includes(value as string), // includes() compares; any type may be asked about
});

const TEXT: Field = { is: 'a text', test: isText };
const SECONDS: Field = { is: 'a number of seconds', test: isNumber };
const MILLISECONDS: Field = { is: 'a number of milliseconds', test: isNumber };
const STATUS: Field = {
  is: 'an HTTP status from 400 to 599',
  test: (v) => Number.isInteger(v) && Number(v) >= 400 && Number(v) <= 599,
};
const COUNT: Field = { is: 'a whole number from 1 on', test: (v) => Number.isInteger(v) && Number(v) >= 1 };
const PATH: Field = { is: 'a path such as /nodes/*/qemu', test: (v) => typeof v === 'string' && v.startsWith('/') };

const required = (field: Field): Field => ({ ...field, required: true });

const COMMON: Record<string, Field> = {
  method: oneOf('GET', 'POST', 'PUT', 'DELETE'),
  path: PATH,
  node: TEXT,
  times: COUNT,
  after_s: SECONDS,
  for_s: SECONDS,
};

/** Each kind of fault: its own fields, and what it does, for DIFFERENCES.md. */
export const FAULT_KINDS: Record<Fault['fault'], { fields: Record<string, Field>; does: string }> = {
  latency: {
    fields: { ms: required(MILLISECONDS) },
    does: 'The call takes that much longer; from 30 s on a proxied call ends in 596.',
  },
  error: {
    fields: { status: required(STATUS), message: TEXT },
    does: 'The call is refused with that status.',
  },
  drop: {
    fields: { when: oneOf('before', 'after') },
    does: 'The connection is cut `before` the call is carried out (the default), or `after` it was.',
  },
  hang: { fields: {}, does: 'No answer ever comes; from a call that is passed on to another node, 596 after 30 s.' },
  node_down: {
    fields: { node: required(TEXT) },
    does: 'The node is gone: 595 for calls passed on to it, `unknown` guests after 300 s; the node that is connected to drops all connections.',
  },
  no_quorum: { fields: {}, does: 'The cluster is not quorate: reads work, writes are refused.' },
  expired_ticket: { fields: {}, does: 'Calls with a ticket are refused with 401; API tokens go on working.' },
  revoked_privilege: {
    fields: { privilege: required(TEXT), on: PATH, who: TEXT },
    does: 'Nobody (or only `who`) holds the privilege any more, everywhere or `on` an ACL path and below. root@pam itself is not touched.',
  },
  changed_certificate: { fields: {}, does: 'Another certificate from now on; open connections are cut.' },
  slow_storage: {
    fields: { storage: required(TEXT), ms: required(MILLISECONDS) },
    does: 'Calls about the storage take that much longer; from 30 s on they end in 596.',
  },
};

/**
 * The faults of a file's parsed JSON: a list of them, or `{"faults": […]}`.
 * Throws InvalidFaults, naming the first place that is wrong and what is expected there.
 */
export function parseFaults(raw: unknown): Fault[] {
  const list = isObject(raw) && 'faults' in raw ? raw['faults'] : raw;
  if (!Array.isArray(list)) throw new InvalidFaults('expected a list of faults, or {"faults": [...]}');
  return list.map((entry: unknown, index) => parseFault(entry, `faults[${index}]`));
}

function parseFault(entry: unknown, at: string): Fault {
  if (!isObject(entry)) throw new InvalidFaults(`${at}: expected an object such as {"fault": "latency", "ms": 500}`);
  const kind = entry['fault'];
  const kinds = Object.keys(FAULT_KINDS);
  if (typeof kind !== 'string' || !kinds.includes(kind)) {
    throw new InvalidFaults(`${at}.fault: expected one of ${kinds.join(', ')}`);
  }
  const fields = { ...COMMON, ...FAULT_KINDS[kind as Fault['fault']].fields }; // it is one of the keys, just checked
  for (const [name, value] of Object.entries(entry)) {
    if (name === 'fault') continue;
    const field = fields[name];
    if (!field)
      throw new InvalidFaults(`${at}.${name}: not a field of ${kind} (its fields: ${Object.keys(fields).join(', ')})`);
    if (!field.test(value)) throw new InvalidFaults(`${at}.${name}: expected ${field.is}`);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required && !(name in entry)) throw new InvalidFaults(`${at}.${name}: missing, expected ${field.is}`);
  }
  return entry as unknown as Fault; // every field was checked against the table above
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
