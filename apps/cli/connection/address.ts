import { usageError } from '../exit.ts';

const PORT = '8006';

/** `pve1`, `pve1:8006` or a URL → `https://pve1:8006`; refuses what cannot be the address of a Proxmox server. */
export function parseAddress(text: string): string {
  const trimmed = text.trim();
  const shown = JSON.stringify(trimmed.length > 80 ? `${trimmed.slice(0, 79)}…` : trimmed);
  const example = 'Example: https://pve1.example.com:8006';
  if (trimmed === '') throw usageError('The address is empty.', example);
  if (/^http:/i.test(trimmed)) throw usageError(`${shown}: Proxmox is spoken to over https:// only.`, example);
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || url.hostname === '') throw usageError(`${shown} is not an address.`, example);
  if (url.protocol !== 'https:') throw usageError(`${shown}: only https:// is spoken.`, example);
  if (url.username !== '' || url.password !== '') {
    throw usageError('The address holds a user name or password.', 'Leave them out: pxa connect asks for them.');
  }
  if (/[^/]/.test(url.pathname) && !/^\/api2(\/json)?\/?$/.test(url.pathname)) {
    throw usageError(`${shown} has a path.`, 'Give the server alone, without what follows the port.');
  }
  // The URL class drops a port that is https's own, but 443 is not Proxmox's: keep it when it was written.
  const port = url.port !== '' ? url.port : /:443(\/|$)/.test(withScheme) ? '443' : PORT;
  return `https://${url.hostname}:${port}`;
}

/** `AA:BB:…` or bare hex → upper case with colons; refuses what is not a SHA-256 fingerprint. */
export function parseFingerprint(text: string, where: string): string {
  const hex = text
    .replace(/^sha-?256\s*(fingerprint)?\s*[:=]?\s*/i, '')
    .replace(/[:\s]/g, '')
    .toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(hex)) {
    throw usageError(
      `${where} is not a SHA-256 fingerprint (32 bytes in hex, AA:BB:…).`,
      'On the node: openssl x509 -noout -fingerprint -sha256 -in /etc/pve/local/pve-ssl.pem',
    );
  }
  return hex.match(/../g)?.join(':') ?? hex;
}

/** `user@realm!name`. */
export function parseTokenId(text: string, where: string): string {
  if (/^[^\s:/@!]+@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+$/.test(text)) return text;
  throw usageError(
    `${where} is not the id of an API token.`,
    'It is written user@realm!name, root@pam!pxa for example.',
  );
}
