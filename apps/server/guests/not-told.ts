import type { Unavailable } from '../http/envelope.ts';
import type { GuestDetails } from './details-schema.ts';
import type { Kind } from './ids.ts';

type Reason = readonly [field: string, reason: string];

const ENCRYPTION = 'Proxmox does not tell whether a storage is encrypted: declare it in the settings of the service.';
const SINCE_73 = 'It was made before Proxmox kept when a VM was made (7.3), or elsewhere.';

/** What may be null because it is not set: that is known, and no lack. */
const UNSET = new Set([
  'description',
  'environment',
  'configuration.network.vlan_id',
  'configuration.network.gateway',
  'configuration.network.bridge',
]);

/** What is null because nobody can tell, and why. A tag, gateway or VLAN that is not set is no such thing. */
export function notTold(guest: GuestDetails, kind: Kind): Unavailable[] {
  const why = new Map(
    [...ofItself(guest, kind), ...ofSecurity(kind), ...ofBackups(guest)].map(([field, reason]) => [field, reason]),
  );
  const fields = [...new Set(nulls(guest))].filter((field) => !UNSET.has(field));
  return fields.map((field) => ({ field, reason: why.get(field) ?? 'The cluster did not tell it just now.' }));
}

/** The places of a value that are null; those in lists without their numbers. */
function nulls(value: unknown, at = ''): string[] {
  if (value === null) return [at];
  if (Array.isArray(value)) return value.flatMap((each) => nulls(each, at));
  if (typeof value !== 'object') return [];
  return Object.entries(value ?? {}).flatMap(([key, each]) => nulls(each, at === '' ? key : `${at}.${key}`));
}

function ofItself({ status }: GuestDetails, kind: Kind): Reason[] {
  const isOff = status !== 'running';
  const rates = isOff ? 'It is not running.' : 'There are no figures of the last minutes.';
  const address = 'Neither the guest nor its configuration tells the address.';
  return [
    ['os_type', 'Its OS type is not set.'],
    ['configuration.storage.mount_point', 'Where a disk of a VM is mounted, only its guest agent tells.'],
    ['configuration.storage.encrypted', ENCRYPTION],
    ['configuration.network.ip_address', address],
    ['configuration.network.subnet', address],
    [
      'performance.disk_usage_percent',
      isOff ? 'It is not running.' : 'Proxmox does not know how full the file systems in a VM are; its agent would.',
    ],
    ['performance.network_rx_mbps', rates],
    ['performance.network_tx_mbps', rates],
    ['created_at', kind === 'vm' ? SINCE_73 : 'Proxmox does not keep when a container was made.'],
    ['updated_at', 'No task that is still kept changed it.'],
  ];
}

function ofSecurity(kind: Kind): Reason[] {
  const keys =
    kind === 'vm'
      ? 'Cloud-init gives it no keys; whether there are others, only the guest knows.'
      : 'Which keys are in a container, Proxmox does not keep.';
  return [
    ['security.encrypted', ENCRYPTION],
    ['security.ssh_key_auth', keys],
    ['security.last_security_scan', 'It has not been scanned.'],
    ['security.compliance_score', 'It has not been scanned for compliance.'],
    ['security.vulnerabilities', 'It has not been scanned for vulnerabilities.'],
  ];
}

function ofBackups({ backup }: GuestDetails): Reason[] {
  const none = 'There is no backup of it on a storage that its node reaches.';
  return [
    ['backup.schedule', backup.enabled === false ? 'No backup job takes it.' : 'No job that is enabled tells when.'],
    [
      'backup.retention_days',
      backup.schedule === null ? 'No backup job takes it.' : 'Its backups are kept by a rule that counts no days.',
    ],
    ['backup.last_backup', none],
    ['backup.backup_size_gb', none],
  ];
}
