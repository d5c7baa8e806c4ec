import { isOpenAddress, type Reach } from './addresses.ts';
import { type Resolve, systemResolve } from './resolve.ts';
import { type Checked, checkUrl, closed, literalOf, refused } from './url.ts';

/**
 * Whether an address may be handed on to be fetched by a Proxmox node. This checks its form and what its name leads to
 * right now, from here: the node looks the name up by itself and follows redirects, so what it comes to may be another.
 * Whoever must rule that out bounds the node's own ways out by its firewall.
 */
export async function checkDownload(
  text: string,
  { resolve = systemResolve, ...reach }: Reach & { readonly resolve?: Resolve },
): Promise<Checked> {
  const checked = checkUrl(text, reach);
  if (!checked.ok || literalOf(checked.url) !== undefined) return checked;
  const { hostname } = checked.url;
  const addresses = await resolve(hostname).catch(() => []);
  if (addresses.length === 0) {
    // A name of the inside may be known to the node alone.
    return reach.allowPrivate ? checked : refused('not_found', `There is no address for ${hostname}.`);
  }
  const bad = addresses.find(({ address }) => !isOpenAddress(address, reach));
  return bad === undefined ? checked : closed(bad.address, reach, hostname);
}
