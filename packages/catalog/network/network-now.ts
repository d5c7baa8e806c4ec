import type { Fact } from '@pxa/contract';
import { asObject, asText } from '@pxa/pve/values';
import { CannotPlan, factAt, factBeside, needed, type Planning, type Rec } from '../kit/index.ts';
import { options } from '../guests/config.ts';
import { guestsIn } from '../guests/asked.ts';

type Row = Readonly<Record<string, unknown>>;

/** A node's interfaces as they are configured, changes that wait included. */
export interface NetworkNow {
  readonly node: string;
  readonly rows: readonly Rec[];
  /** What waits to be applied, as a diff; empty where nothing does. */
  readonly waiting: string;
}

/** By the row id of a node. @throws CannotPlan */
export async function networkNow(planning: Planning, target: string): Promise<NetworkNow> {
  const node = target.slice(target.indexOf('/') + 1);
  const known = (await planning.nodes()).find((each) => each.node === node);
  if (known?.online !== true)
    throw new CannotPlan({
      why: `${node} is ${known === undefined ? 'no node' : 'offline'}.`,
      next: 'See which are online: “list nodes”.',
      say: 'list nodes',
    });
  const got = await planning.list('/nodes/{node}/network', { node });
  const rows = needed(got, `The network of ${node}`);
  const changes = got.ok ? asText(got.beside?.['changes']) : null;
  return { node, rows, waiting: changes ?? '' };
}

export const rowOf = ({ rows }: NetworkNow, iface: string): Row | undefined =>
  rows.find(({ data }) => data['iface'] === iface)?.data;

/** The interface of that name. @throws CannotPlan */
export function interfaceOf(network: NetworkNow, iface: string): Row {
  const row = rowOf(network, iface);
  if (row !== undefined) return row;
  const all = network.rows.map(({ data }) => String(data['iface'])).join(', ');
  throw new CannotPlan({ why: `${network.node} has no interface ${iface}.`, next: `It has ${all}.` });
}

/** A fact of an interface in a node's configuration. */
export function interfaceFact(node: string, iface: string, key: string, is: Fact['is'], how?: Fact['how']): Fact {
  const about = key === 'iface' ? `${iface} of ${node}` : `${key} of ${iface} of ${node}`;
  return factAt(about, `/nodes/${node}/network`, [`[iface=${iface}]`, key], is, how === undefined ? {} : { how });
}

/** That changes of a node's network wait just as they were shown; or, by null, that none does. */
export const waitingFact = (node: string, changes: string | null): Fact =>
  factBeside(`changes that wait in the network of ${node}`, `/nodes/${node}/network`, ['changes'], changes);

/** The interfaces that stand on one: bridges and bonds that have it as a port, VLANs of it. */
export function standingOn({ rows }: NetworkNow, iface: string): string[] {
  return rows
    .filter(({ data }) => {
      const ports = `${asText(data['bridge_ports']) ?? ''} ${asText(data['slaves']) ?? ''}`.split(/\s+/);
      const isVlan = data['vlan-raw-device'] === iface || String(data['iface']).startsWith(`${iface}.`);
      return isVlan || ports.some((port) => port === iface || port.startsWith(`${iface}.`));
    })
    .map(({ data }) => String(data['iface']));
}

/** The guests of a node that are connected to a bridge, in words. @throws CannotPlan where one could not be read */
export async function guestsOn(planning: Planning, node: string, bridge: string): Promise<string[]> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The list of guests');
  const guests = guestsIn(rows).filter((guest) => guest.node === node);
  const found = await Promise.all(
    guests.map(async ({ type, vmid, name }) => {
      const got =
        type === 'qemu'
          ? await planning.read('/nodes/{node}/qemu/{vmid}/config', { node, vmid })
          : await planning.read('/nodes/{node}/lxc/{vmid}/config', { node, vmid });
      const config = asObject(needed<unknown>(got, `The configuration of guest ${vmid}`)) ?? {};
      const uses = Object.entries(config).some(
        ([key, value]) => /^net\d+$/.test(key) && options(value)['bridge'] === bridge,
      );
      return uses ? [`${vmid}${name === '' ? '' : ` ${name}`}`] : [];
    }),
  );
  return found.flat();
}

/** The addresses by which the cluster reaches a node. */
export async function clusterAddress(planning: Planning, node: string): Promise<string | undefined> {
  const rows = needed(await planning.list('/cluster/status', {}), 'The state of the cluster');
  return asText(rows.find(({ data }) => data['type'] === 'node' && data['name'] === node)?.data['ip']) ?? undefined;
}

/** Whether an interface carries an address. */
export const carries = (row: Row, address: string | undefined): boolean =>
  address !== undefined &&
  [row['address'], row['address6'], row['cidr'], row['cidr6']].some(
    (value) => (asText(value) ?? '').split('/')[0] === address,
  );

/** What is said of every change: it waits, with what waited before. */
export function waits({ node, waiting }: NetworkNow): string[] {
  const say = `apply the network changes of ${node}`;
  return [
    `Nothing changes on ${node} until it is applied: “${say}” is a step of its own, and “revert the network changes of ${node}” drops it.`,
    ...(waiting === ''
      ? []
      : [`Other changes wait there already, and are applied together with it:\n${waiting.trimEnd()}`]),
  ];
}
