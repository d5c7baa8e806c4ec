import { subnetOf } from '../guests/interfaces.ts';

/** `10.0.20.21/24` is in `10.0.20.0/24`; null for what is no IPv4 address with its prefix. */
export function subnetOfCidr(cidr: string | null | undefined): string | null {
  const [, address = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(cidr ?? '') ?? [];
  return bits === '' ? null : subnetOf(address, Number(bits));
}
