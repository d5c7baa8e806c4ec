/** A command, and the words that can follow it. */
interface CommandWords {
  name: string;
  says: string;
  next: string[];
  /** Its own options. */
  options?: string[];
}

/** The commands, for shells' completion; a test holds them against the program's own. */
export const COMMANDS: CommandWords[] = [
  { name: 'ask', says: 'ask one thing', next: [] },
  { name: 'get', says: 'read any path of the Proxmox API', next: [] },
  {
    name: 'sandbox',
    says: 'run the built-in Proxmox cluster',
    next: ['export'],
    options: ['--port', '--control'],
  },
  {
    name: 'serve',
    says: 'run the REST API',
    next: [],
    options: ['--port', '--host', '--tls-cert', '--tls-key', '--behind-proxy', '--dev'],
  },
  { name: 'store', says: 'carry what is kept elsewhere', next: ['export', 'import'] },
  { name: 'approvals', says: 'list plans that wait for approval', next: [], options: ['--state'] },
  { name: 'approve', says: 'approve a plan and carry it out', next: [], options: ['--type'] },
  { name: 'cancel', says: 'cancel a plan', next: [] },
  { name: 'jobs', says: 'list what was carried out', next: [] },
  { name: 'job', says: 'show one job', next: [], options: ['--events', '--follow', '--cancel'] },
  { name: 'undo', says: 'plan what takes a job back', next: [] },
  { name: 'audit', says: 'print or check the audit log', next: ['list', 'verify', 'export'], options: ['--head'] },
  { name: 'pve', says: 'plan any write of the Proxmox API', next: ['POST', 'PUT', 'DELETE'] },
  {
    name: 'connect',
    says: 'connect to a cluster and save the connection',
    next: [],
    options: ['--name', '--token-id', '--username', '--fingerprint', '--ca-file'],
  },
  { name: 'connections', says: 'list, choose or forget saved connections', next: ['list', 'use', 'remove'] },
  { name: 'doctor', says: 'check the way to the cluster', next: [] },
  { name: 'completion', says: 'print the completion script for a shell', next: ['bash', 'zsh', 'fish'] },
];

/** The options that every command takes. */
export const OPTIONS = [
  '--json',
  '--jsonl',
  '--explain',
  '--quiet',
  '--conversation',
  '--connection',
  '--sandbox',
  '--world',
  '--seed',
  '--nodes',
  '--guests',
  '--faults',
  '--clock',
  '--pve',
  '--no-color',
  '--version',
  '--help',
];

/** Options whose value is a file: the shell completes it. */
export const FILE_OPTIONS = ['--world', '--faults', '--ca-file', '--tls-cert', '--tls-key'];

/** Options that are followed by a value, which is not a command. */
export const VALUE_OPTIONS = [
  ...FILE_OPTIONS,
  '--conversation',
  '--connection',
  '-c',
  '--seed',
  '--nodes',
  '--guests',
  '--clock',
  '--pve',
  '--state',
  '--type',
  '--head',
  '--port',
  '--host',
  '--name',
  '--token-id',
  '--username',
  '--fingerprint',
];

/** What can stand after `--state`. */
export const STATES = ['pending', 'approved', 'used', 'cancelled', 'expired'];
