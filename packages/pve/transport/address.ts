/** Where a node's pveproxy listens. `host` is a name or an IP address, IPv6 without brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What was given to reach a cluster with cannot be used. The message says what to write instead; it never holds a secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** pveproxy's port (pve-manager, PVE/Service/pveproxy.pm). */
const PORT = 8006;

/** Paths that people copy along with the address from a browser or a script. */
const KNOWN_PATHS = new Set(['', '/', '/api2', '/api2/', '/api2/json', '/api2/json/']);

/**
 * The address in `https://host[:port]`; the port is 8006 where none is written.
 *
 * @throws SettingsError for another scheme, credentials in the URL, a path, or what is no URL.
 */
export function parseUrl(text: string): Address {
  const url = readUrl(text.trim());
  if (url.username !== '' || url.password !== '') {
    throw new SettingsError('The URL holds credentials. Leave them out of it: give the token or password by itself.');
  }
  if (url.protocol !== 'https:') {
    throw new SettingsError(`Proxmox VE answers over https only, not ${url.protocol}//. Write https://HOST:8006.`);
  }
  if (!KNOWN_PATHS.has(url.pathname)) {
    throw new SettingsError(`The URL has a path (${url.pathname}). Write only https://HOST:8006.`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: portOf(text, url) };
}

function readUrl(text: string): URL {
  if (text === '') throw new SettingsError('The URL is empty. Write https://HOST:8006.');
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.parse(withScheme);
  if (url === null || url.hostname === '') {
    throw new SettingsError('This is not a URL that can be used. Write https://HOST:8006.');
  }
  return url;
}

/** URL drops `:443` as the default of https, so a 443 that was written must be looked for in the text. */
function portOf(text: string, url: URL): number {
  if (url.port !== '') return Number(url.port);
  return /:443(?![0-9.:\]])/.test(text) ? 443 : PORT;
}

/** `host:port` as people and URLs write it. */
export function formatAddress(address: Address): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
