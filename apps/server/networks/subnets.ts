/** `10.0.20.21/24` is in `10.0.20.0/24`; null for what is no IPv4 address with its prefix. */
export function subnetOfCidr(cidr: string | null | undefined): string | null {
  const [, address = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(cidr ?? '') ?? [];
  return bits === '' ? null : subnetOf(address, Number(bits));
}

/** `10.0.20.21` of 24 bits is in `10.0.20.0/24`; null for what is no IPv4 address. */
export function subnetOf(address: string, bits: number): string | null {
  const parts = address.split('.').map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  if (!isAddress || !Number.isInteger(bits) || bits < 0 || bits > 32) return null;
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - bits);
  const base = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${bits}`;
}
