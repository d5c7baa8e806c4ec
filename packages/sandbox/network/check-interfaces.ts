import { refused, died } from '../guests/work.ts';
import type { Row } from '../state/model.ts';

/** Where an interface names others that it is made of. */
const PORTS = ['bridge_ports', 'ovs_ports', 'slaves', 'ovs_bonds'];
const STANDARD_MTU = 1500;

function wordsOf(value: unknown): string[] {
  return String(value ?? '')
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
}

/** One default gateway, and one master for each port: the checks of PVE::API2::Network, in their words. */
export function checkAgainstOthers(rows: readonly Row[], iface: string, sent: Row): void {
  const others = rows.filter((row) => row['iface'] !== iface);
  for (const [key, name] of [
    ['gateway', 'Default gateway'],
    ['gateway6', 'Default ipv6 gateway'],
  ] as const) {
    const holder = sent[key] === undefined ? undefined : others.find((row) => row[key] !== undefined);
    if (holder) throw refused({ [key]: `${name} already exists on interface '${String(holder['iface'])}'.` });
  }
  for (const key of PORTS) {
    for (const port of wordsOf(sent[key])) {
      const user = others.find((row) => PORTS.some((ports) => wordsOf(row[ports]).includes(port)));
      if (user) throw refused({ [key]: `${port} is already used on interface '${String(user['iface'])}'.` });
    }
  }
  const primary = sent['bond-primary'];
  if (primary !== undefined && !wordsOf(sent['slaves']).includes(String(primary))) {
    throw refused({ 'bond-primary': 'bond-primary is not part of slaves' });
  }
}

/** What the whole file has to hold together: PVE::INotify, before it is written. */
export function checkTogether(rows: readonly Row[]): void {
  const byName = new Map(rows.map((row) => [String(row['iface']), row]));
  for (const row of rows) if (row['type'] === 'bond') checkBond(row, byName);
  for (const row of rows) if (row['type'] === 'vlan') checkVlan(row, byName);
  for (const row of rows) if (row['type'] === 'bridge') checkBridge(row, byName);
}

function checkBond(row: Row, byName: ReadonlyMap<string, Row>): void {
  const iface = String(row['iface']);
  for (const slave of wordsOf(row['slaves'])) {
    const found = byName.get(slave);
    if (!found) throw died(`bond '${iface}' - unable to find slave '${slave}'`);
    if (found['type'] !== 'eth') {
      throw died(`bond '${iface}' - wrong interface type on slave '${slave}' ('${String(found['type'])}' != 'eth')`);
    }
    checkMtu(row, found);
  }
}

function checkVlan(row: Row, byName: ReadonlyMap<string, Row>): void {
  const iface = String(row['iface']);
  const parent = /^(\S+)\.\d+$/.exec(iface)?.[1] ?? row['vlan-raw-device'];
  if (parent === undefined) throw died('missing vlan-raw-device option');
  const found = byName.get(String(parent));
  if (!found) throw died(`vlan '${iface}' - unable to find parent '${String(parent)}'`);
  const type = String(found['type']);
  if (type === 'bridge' && Number(found['bridge_vlan_aware'] ?? 0) !== 1) {
    throw died(`vlan '${iface}' - bridge vlan aware is not enabled on parent '${String(parent)}'`);
  }
  if (!['eth', 'bond', 'bridge'].includes(type)) {
    const what = `('${type}' != 'eth|bond|bridge' )`;
    throw died(`vlan '${iface}' - wrong interface type on parent '${String(parent)}' ${what}`);
  }
  checkMtu(row, found);
}

function checkBridge(row: Row, byName: ReadonlyMap<string, Row>): void {
  for (const port of wordsOf(row['bridge_ports'])) {
    const found = byName.get(port);
    if (!found) throw died(`bridge '${String(row['iface'])}' - unable to find bridge port '${port}'`);
    checkMtu(row, found);
  }
}

function checkMtu(parent: Row, child: Row): void {
  const [own, under] = [parent, child].map((row) => Number(row['mtu'] ?? STANDARD_MTU));
  if (own === undefined || under === undefined || own <= under) return;
  const words = `interface '${String(parent['iface'])}' - mtu ${own} is bigger than '${String(child['iface'])}' - mtu ${under}`;
  throw died(words);
}
