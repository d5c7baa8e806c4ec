/** What Proxmox accepts of numbers, by the names that the tools give them (pve-docs, qm and pct). */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  cores: [1, 8192],
  sockets: [1, 4],
  dedicated: [16, 4_194_304],
  memory: [16, 4_194_304],
  swap: [0, 4_194_304],
  vm_id: [100, 999_999_999],
  vmid: [100, 999_999_999],
  newid: [100, 999_999_999],
  vlan_id: [1, 4094],
  tag: [1, 4094],
  mtu: [1, 65_520],
};

/** Numbers that no Proxmox takes, wherever they stand in a value. */
export function rangeProblems(value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const [least, most] = RANGES[key] ?? [-Infinity, Infinity];
    if (typeof each === 'number')
      return each < least || each > most ? [`${at}.${key}: ${each} is not from ${least} to ${most}`] : [];
    return rangeProblems(each, `${at}.${key}`);
  });
}
