import { PveError } from './behaviour.ts';

/** Parameters as a client sent them: form values are text (repeated ones lists), those of JSON keep their types. */
export type Params = Record<string, unknown>;

/** How the values came: it decides how strictly types are checked. */
export type BodyKind = 'form' | 'json';

/**
 * A query or form as pve-http-server takes it apart (AnyEvent.pm:decode_urlencoded): `&` and `;` separate, what follows a
 * second `=` is lost, repeated keys make a list, and a key without `=` is absent.
 */
export function parseForm(text: string): Params {
  const params: Params = Object.create(null) as Params;
  if (text === '') return params;
  for (const pair of text.split(/[&;]/)) {
    if (pair === '') continue;
    const [key = '', value] = pair.split('=', 2);
    if (value === undefined) continue;
    const name = unescape(key);
    const decoded = unescape(value);
    const earlier = params[name];
    if (earlier === undefined) params[name] = decoded;
    else params[name] = Array.isArray(earlier) ? [...(earlier as unknown[]), decoded] : [earlier, decoded];
  }
  return params;
}

/** Percent escapes and `+`; a `%` that escapes nothing stays; bytes that are no UTF-8 become U+FFFD. */
function unescape(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  const bytes: Buffer[] = [];
  let from = 0;
  for (const match of spaced.matchAll(/(?:%[0-9a-fA-F]{2})+/g)) {
    bytes.push(Buffer.from(spaced.slice(from, match.index)), Buffer.from(match[0].replaceAll('%', ''), 'hex'));
    from = match.index + match[0].length;
  }
  bytes.push(Buffer.from(spaced.slice(from)));
  return Buffer.concat(bytes).toString('utf8');
}

/**
 * A JSON body. `null` is an absent value. Anything that is no object is refused as the real server refuses it: with
 * status 501 and Perl's own complaint as reason phrase (AnyEvent.pm:extract_params dies in handle_api2_request).
 */
export function parseJson(text: string): Params {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new PveError(501, `malformed JSON string, neither tag, array, object, number, string or atom\n`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new PveError(501, 'Not a HASH reference\n');
  }
  const params: Params = Object.create(null) as Params;
  for (const [key, value] of Object.entries(parsed)) if (value !== null) params[key] = value;
  return params;
}

/** All parameters of a request: those of the query win over those of the body; `_dc` (a browser's cache breaker) is dropped. */
export function readParams(body: string, kind: BodyKind, query: string): Params {
  const params = kind === 'json' ? parseJson(body) : parseForm(body);
  for (const [key, value] of Object.entries(parseForm(query))) params[key] = value;
  delete params['_dc'];
  return params;
}
