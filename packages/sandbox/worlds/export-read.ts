import type { Row } from '../state/model.ts';

/**
 * Reads one path of a cluster's API: its `data`, or undefined where the server does not offer it or the caller may
 * not see it. Paths are without `/api2/json`.
 */
export type Get = (path: string, params?: Record<string, string>) => Promise<unknown>;

/** What is not there is null, as in every world. */
export async function read(get: Get, path: string, params?: Record<string, string>): Promise<unknown> {
  return (await get(path, params)) ?? null;
}

export function rowsOf(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter((row): row is Row => typeof row === 'object' && row !== null) : [];
}

/** Passwords, second factors, keys of storages and of the subscription. */
const SECRETS = new Set(['password', 'cipassword', 'keys', 'key', 'encryption-key', 'secret', 'token']);

/** Secrets are left out wherever Proxmox might have answered one. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !SECRETS.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** Options, rules, aliases and sets; for the cluster its groups with their rules, too. */
export async function exportFirewall(get: Get, base: string): Promise<Row | null> {
  const options = await read(get, `${base}/options`);
  const rules = await read(get, `${base}/rules`);
  if (options === null && rules === null) return null;
  const firewall: Row = { options: withoutDigest(options), rules: rowsOf(rules).map(withoutDigest) };
  if (base.startsWith('/nodes/') && !/\/(?:qemu|lxc)\//.test(base)) return firewall;
  firewall['aliases'] = rowsOf(await read(get, `${base}/aliases`)).map(withoutDigest);
  firewall['ipset'] = await each(get, `${base}/ipset`, 'name', 'entries');
  if (base === '/cluster/firewall') firewall['groups'] = await each(get, `${base}/groups`, 'group', 'rules');
  return firewall;
}

/** The rows of a list, each with what a read of its own gives under `inner`. */
async function each(get: Get, path: string, key: string, inner: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const row of rowsOf(await read(get, path))) {
    const members = rowsOf(await read(get, `${path}/${encodeURIComponent(String(row[key]))}`));
    found.push({ ...(withoutDigest(row) as Row), [inner]: members.map(withoutDigest) });
  }
  return found;
}

function withoutDigest(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'digest'));
}

/** A day's averages and maxima, and a week's averages. */
export async function exportSeries(get: Get, base: string): Promise<Row> {
  const of = (timeframe: string, cf: string): Promise<unknown> => read(get, `${base}/rrddata`, { timeframe, cf });
  return { day: await of('day', 'AVERAGE'), day_max: await of('day', 'MAX'), week: await of('week', 'AVERAGE') };
}
