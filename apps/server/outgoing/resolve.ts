import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { isOpenAddress, type Reach } from './addresses.ts';
import { closed } from './url.ts';

/** The addresses of a name, as the system finds them. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const systemResolve: Resolve = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });

/** That a name leads to where nobody is to be sent. */
export class ClosedAddress extends Error {
  override readonly name = 'ClosedAddress';
}

/**
 * A lookup for sockets that gives open addresses alone. A socket connects to what it is given here and asks nobody
 * again, so that a name cannot lead elsewhere after it was checked. One closed address among several is enough to refuse.
 */
export function guardedLookup(resolve: Resolve, reach: Reach): LookupFunction {
  const found = callbackify((host: string) => openAddresses(host, resolve, reach));
  return (host, options, callback) => {
    found(host, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) callback(error ?? new Error(`${host} has no address`), '', 0);
      else if (options.all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };
}

/** @throws ClosedAddress */
async function openAddresses(host: string, resolve: Resolve, reach: Reach): ReturnType<Resolve> {
  const addresses = await resolve(host);
  const bad = addresses.find(({ address }) => !isOpenAddress(address, reach));
  if (bad !== undefined) throw new ClosedAddress(closed(bad.address, reach, host).says);
  return addresses;
}
