import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.ts';
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
 * A lookup for sockets that gives public addresses alone. A socket connects to what it is given here and asks nobody
 * again, so that a name cannot lead elsewhere after it was checked. One closed address among several is enough to refuse.
 */
export function guardedLookup(resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const bad = addresses.find(({ address }) => !isPublicAddress(address));
        const [first] = addresses;
        if (bad !== undefined) return callback(new ClosedAddress(closed(bad.address, host).says), '', 0);
        if (first === undefined) return callback(new Error(`${host} has no address`), '', 0);
        return options.all === true ? callback(null, [...addresses]) : callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0),
    );
  };
}
