/** A service that a rule may let in: the port behind which it listens, and the words for it. */
interface Service {
  readonly port: number;
  readonly name: string;
  readonly words: string;
  /** Somebody who gets in there can take over the machine. */
  readonly dangerous?: true;
}

export const services: readonly Service[] = [
  { port: 22, name: 'SSH', words: 'ssh|ssh traffic|ssh access', dangerous: true },
  { port: 23, name: 'Telnet', words: 'telnet', dangerous: true },
  { port: 25, name: 'SMTP', words: 'smtp|mail' },
  { port: 53, name: 'DNS', words: 'dns' },
  { port: 80, name: 'HTTP', words: 'http|web traffic' },
  { port: 443, name: 'HTTPS', words: 'https' },
  { port: 445, name: 'SMB', words: 'smb|samba', dangerous: true },
  { port: 2049, name: 'NFS', words: 'nfs' },
  { port: 3306, name: 'MySQL', words: 'mysql' },
  { port: 3389, name: 'RDP', words: 'rdp|remote desktop', dangerous: true },
  { port: 5432, name: 'PostgreSQL', words: 'postgresql|postgres' },
  { port: 5900, name: 'VNC', words: 'vnc', dangerous: true },
  {
    port: 8006,
    name: 'the Proxmox interface',
    words: 'proxmox interface|proxmox web interface',
    dangerous: true,
  },
];

/** The words for each service, for the language. */
export const serviceWords: Record<string, string> = Object.fromEntries(
  services.map(({ name, words, port }) => [name, `${words}|port ${port}`]),
);

/** Proxmox's macros and the ports that they stand for (pve-firewall, PVE::Firewall, pve_fw_macros). */
export const macroPorts: Readonly<Record<string, readonly string[]>> = {
  SSH: ['22'],
  Telnet: ['23'],
  SMTP: ['25'],
  Mail: ['25', '465', '587'],
  DNS: ['53'],
  HTTP: ['80'],
  HTTPS: ['443'],
  Web: ['80', '443'],
  SMB: ['135', '445', '137:139'],
  RDP: ['3389'],
  VNC: ['5900:5999'],
  MySQL: ['3306'],
  PostgreSQL: ['5432'],
  MSSQL: ['1433'],
  Ping: [],
};

/** Whether a list of ports and ranges (`22`, `6000:6010`) holds a port; an empty list holds all. */
export function holdsPort(ports: readonly string[], port: number): boolean {
  if (ports.length === 0) return true;
  return ports.some((each) => {
    const [from = Number.NaN, to = from] = each.split(':').map(Number);
    return port >= from && port <= to;
  });
}
