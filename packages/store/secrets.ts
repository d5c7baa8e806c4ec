/**
 * Parameters that hold a secret, by their names as Proxmox's API has them: a rule by name, so that a parameter of a later
 * version is covered too. Public keys (`sshkeys`, `ssh-public-keys`, `master-pubkey`) are none. `data` are the credentials
 * of an ACME plugin (and the text of a hosts file), `header` and `otel-headers` may carry a login, `target-endpoint` an API token.
 */
const SECRET_NAME =
  /(?:^|-)(?:pass|passwd|passphrase|secret|token|ticket|otp|totp|key|credentials)$|password$|^(?:keys|keyring|certkey|data|header|otel-headers|target-endpoint|vncticket)$/;

/** Names that look like one, and hold none: a choice whether to make a password, and locks that are no login. */
const NO_SECRET = new Set(['generate-password', 'lock-token']);

/** Where parameters stand in a plan and in what is written about it: in objects of these names. */
const HOLDERS = new Set(['params', 'input']);

const HIDDEN = '[hidden]';

/** Whether a parameter of this name holds a secret. Upper and lower case, `_` and `-` are the same. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll('_', '-');
  return SECRET_NAME.test(plain) && !NO_SECRET.has(plain);
}

/** The same value with every secret parameter, in a `params` or an `input` at any depth, replaced by `[hidden]`. */
export function maskSecrets(value: unknown): unknown {
  return walk(value, 'outside', () => HIDDEN);
}

/** The names of the secret parameters that a value holds, each once, in the order of their names. */
export function secretNames(value: unknown): string[] {
  const found = new Set<string>();
  walk(value, 'outside', (name) => found.add(name));
  return [...found].sort();
}

/** A copy, in which `replace` stands for what each secret parameter holds; absent and empty ones hold nothing. */
function walk(value: unknown, place: 'outside' | 'inside', replace: (name: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => walk(inner, place, replace));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]): [string, unknown] => {
    if (place === 'inside' && isSecretName(name) && holdsSomething(inner)) return [name, replace(name)];
    return [name, walk(inner, HOLDERS.has(name) ? 'inside' : place, replace)];
  });
  return Object.fromEntries(entries);
}

function holdsSomething(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}
