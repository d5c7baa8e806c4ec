import { EXIT_MEANINGS } from './exit.ts';

const EXAMPLES: [string, string][] = [
  ['pxa "show me all running VMs on pve-node01"', 'ask the connected cluster'],
  ['pxa --sandbox', 'a prompt on the built-in demo cluster'],
  ['pxa ask "which guests are not backed up" --json', 'the whole answer, for programs'],
  ['pxa ask "how full is local-zfs" --explain', 'each figure with the call it was read from'],
  ['pxa "shut down docker-host-01"', 'a plan: nothing is changed before it is approved'],
  ['pxa approve plan_b67zum9x', 'approve a plan and carry it out'],
  ['pxa get /nodes/pve1/tasks limit=5', 'one read of the Proxmox API'],
  ['pxa connect https://pve1.example.com:8006', 'save a connection'],
  ['pxa sandbox --port 8006', 'the demo cluster as a server, for other clients too'],
];

const VARIABLES: [string, string][] = [
  ['PXA_PVE_URL, PXA_PVE_TOKEN_ID, PXA_PVE_TOKEN_SECRET', 'the cluster and the API token to use'],
  ['PXA_PVE_FINGERPRINT or PXA_PVE_CA_FILE', 'how to know its certificate'],
  ['PXA_VAULT_KEY', 'key of the saved secrets: 32 bytes in hex or base64, or a passphrase'],
  ['PXA_DATABASE_URL', 'serve: the PostgreSQL database to keep everything in'],
  ['NO_COLOR', 'no colours'],
  ['PXA_DEBUG=1', 'show where an unforeseen error happened'],
];

/** What follows the lists of options and commands in `pxa --help`. */
export function helpAfter(): string {
  return [
    '',
    section('Examples', EXAMPLES),
    section('Environment', VARIABLES),
    section(
      'Exit codes',
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
    ),
  ].join('\n');
}

function section(title: string, rows: [string, string][]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`), ''].join('\n');
}
