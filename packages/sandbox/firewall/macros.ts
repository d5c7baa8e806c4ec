/** The firewall's macros by name (pve-firewall), in groups of those that are one port of one protocol, and all others. */
const PORTS: Record<string, [proto: string, dport: string]> = {
  Auth: ['tcp', '113'],
  BGP: ['tcp', '179'],
  FTP: ['tcp', '21'],
  Finger: ['tcp', '79'],
  HTTP: ['tcp', '80'],
  HTTPS: ['tcp', '443'],
  IMAP: ['tcp', '143'],
  IMAPS: ['tcp', '993'],
  IRC: ['tcp', '6667'],
  LDAP: ['tcp', '389'],
  LDAPS: ['tcp', '636'],
  MSSQL: ['tcp', '1433'],
  Munin: ['tcp', '4949'],
  MySQL: ['tcp', '3306'],
  NNTP: ['tcp', '119'],
  NTP: ['udp', '123'],
  OpenVPN: ['udp', '1194'],
  POP3: ['tcp', '110'],
  POP3S: ['tcp', '995'],
  PostgreSQL: ['tcp', '5432'],
  RDP: ['tcp', '3389'],
  Rsync: ['tcp', '873'],
  SMTP: ['tcp', '25'],
  SMTPS: ['tcp', '465'],
  SPICEproxy: ['tcp', '3128'],
  SSH: ['tcp', '22'],
  Squid: ['tcp', '3128'],
  Submission: ['tcp', '587'],
  TFTP: ['udp', '69'],
  Telnet: ['tcp', '23'],
  Telnets: ['tcp', '992'],
  Whois: ['tcp', '43'],
};

const OTHERS = (
  'Amanda BitTorrent BitTorrent32 CVS Ceph Citrix DAAP DCC DHCPfwd DHCPv6 DNS Distcc GNUnet GRE Git HKP ICPV2 ICQ ' +
  'IPIP IPsec IPsecah IPsecnat Jetdirect L2TP MDNS MSNP Mail NNTPS NeighborDiscovery OSPF PCA PMG PPtP Ping Printer ' +
  'RIP RNDC Razor Rdate SANE SMB SMBswat SNMP SPAMD SVN SixXS Syslog Time Trcrt VNC VNCL Web Webcache Webmin'
).split(' ');

export const MACRO_NAMES = [...Object.keys(PORTS), ...OTHERS].sort((a, b) => a.localeCompare(b));

/** A macro's name as it is written, whatever the case that it was asked for in. */
export function macroName(name: string): string | undefined {
  return MACRO_NAMES.find((one) => one.toLowerCase() === name.toLowerCase());
}

/** What a macro says of protocol and port, where that is one of each. */
export function macroParts(name: string): Record<string, string> {
  const [proto, dport] = PORTS[name] ?? [];
  return proto === undefined || dport === undefined ? {} : { proto, dport };
}
