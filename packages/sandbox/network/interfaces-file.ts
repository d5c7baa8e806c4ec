import type { Row } from '../state/model.ts';

/** Kinds of interfaces in the order in which the file has them. */
const PLACES: Record<string, number> = { eth: 2, bond: 3, bridge: 4, OVSBridge: 4 };

/** Options of each kind, with their names in the file. */
const OPTIONS: Record<string, [key: string, name: string][]> = {
  bridge: [
    ['bridge_ports', 'bridge-ports'],
    ['bridge_stp', 'bridge-stp'],
    ['bridge_fd', 'bridge-fd'],
  ],
  bond: [
    ['slaves', 'bond-slaves'],
    ['bond_miimon', 'bond-miimon'],
    ['bond_mode', 'bond-mode'],
    ['bond_xmit_hash_policy', 'bond-xmit-hash-policy'],
    ['bond-primary', 'bond-primary'],
  ],
  vlan: [['vlan-raw-device', 'vlan-raw-device']],
};

/** /etc/network/interfaces as PVE::INotify writes it, without the words at its head. */
export function interfacesFile(rows: readonly Row[]): string {
  const place = (row: Row): number => (PLACES[String(row['type'])] ?? 5) * 1000 + Number(row['priority'] ?? 500);
  const sorted = [...rows].sort((a, b) => place(a) - place(b) || String(a['iface']).localeCompare(String(b['iface'])));
  return `auto lo\niface lo inet loopback\n\n${sorted.map(stanzas).join('')}`;
}

function stanzas(row: Row): string {
  const families = Array.isArray(row['families']) ? row['families'].map(String) : ['inet'];
  const auto = Number(row['autostart'] ?? 0) === 1 ? `auto ${String(row['iface'])}\n` : '';
  return auto + families.map((family, index) => stanza(row, family, index === 0)).join('');
}

function stanza(row: Row, family: string, isFirst: boolean): string {
  const six = family === 'inet6' ? '6' : '';
  const lines = [`iface ${String(row['iface'])} ${family} ${String(row[`method${six}`] ?? 'manual')}`];
  const address = row[`address${six}`];
  if (address !== undefined) lines.push(`\taddress ${String(address)}/${String(row[`netmask${six}`])}`);
  if (row[`gateway${six}`] !== undefined) lines.push(`\tgateway ${String(row[`gateway${six}`])}`);
  if (isFirst) lines.push(...kindLines(row));
  const comment = row[`comments${six}`];
  if (comment !== undefined)
    lines.push(
      ...String(comment)
        .trimEnd()
        .split('\n')
        .map((line) => `#${line}`),
    );
  return `${lines.join('\n')}\n\n`;
}

function kindLines(row: Row): string[] {
  const lines = (OPTIONS[String(row['type'])] ?? []).flatMap(([key, name]) => {
    if (key === 'bridge_ports') return [`\t${name} ${String(row[key] ?? '') || 'none'}`];
    return row[key] === undefined || row[key] === '' ? [] : [`\t${name} ${String(row[key])}`];
  });
  if (row['type'] === 'bridge' && Number(row['bridge_vlan_aware'] ?? 0) === 1) {
    lines.push('\tbridge-vlan-aware yes', `\tbridge-vids ${String(row['bridge_vids'] ?? '2-4094')}`);
  }
  if (row['mtu'] !== undefined) lines.push(`\tmtu ${String(row['mtu'])}`);
  return lines;
}
