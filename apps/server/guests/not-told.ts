import type { Unavailable } from '../http/envelope.ts';
import type { GuestDetails } from './details-schema.ts';
import type { Kind } from './ids.ts';

type Reason = readonly [field: string, isNull: boolean, reason: string];

const SINCE_73 = 'It was made before Proxmox kept when a VM was made (7.3), or elsewhere.';

/** What is null because nobody can tell, and why. A tag, gateway or VLAN that is not set is no such thing. */
export function notTold(guest: GuestDetails, kind: Kind): Unavailable[] {
  const why = [...ofItself(guest, kind), ...ofSecurity(guest, kind), ...ofBackups(guest)];
  return why.flatMap(([field, isNull, reason]) => (isNull ? [{ field, reason }] : []));
}

function ofItself({ status, os_type, created_at, updated_at, ...guest }: GuestDetails, kind: Kind): Reason[] {
  const { performance, configuration } = guest;
  const isOff = status !== 'running';
  return [
    ['os_type', os_type === null, 'Its OS type is not set.'],
    [
      'configuration.storage.mount_point',
      configuration.storage.some(({ mount_point: path }) => path === null),
      'Where a disk of a VM is mounted, only its guest agent tells.',
    ],
    [
      'configuration.storage.encrypted',
      configuration.storage.some(({ encrypted }) => encrypted === null),
      'Proxmox does not tell whether a storage is encrypted: declare it in the settings of the service.',
    ],
    [
      'configuration.network.ip_address',
      configuration.network.some(({ ip_address: address }) => address === null),
      'Neither the guest nor its configuration tells the address.',
    ],
    [
      'performance.disk_usage_percent',
      performance.disk_usage_percent === null,
      isOff ? 'It is not running.' : 'Proxmox does not know how full the file systems in a VM are; its agent would.',
    ],
    ['performance.network_rx_mbps', performance.network_rx_mbps === null, 'There are no figures of the last minutes.'],
    ['created_at', created_at === null, kind === 'vm' ? SINCE_73 : 'Proxmox does not keep when a container was made.'],
    ['updated_at', updated_at === null, 'No task that is still kept changed it.'],
  ];
}

function ofSecurity({ security }: GuestDetails, kind: Kind): Reason[] {
  return [
    [
      'security.encrypted',
      security.encrypted === null,
      'Proxmox does not tell whether a storage is encrypted: declare it in the settings of the service.',
    ],
    [
      'security.ssh_key_auth',
      security.ssh_key_auth === null,
      kind === 'vm'
        ? 'Cloud-init gives it no keys; whether there are others, only the guest knows.'
        : 'Which keys are in a container, Proxmox does not keep.',
    ],
    ['security.last_security_scan', security.last_security_scan === null, 'It has not been scanned.'],
    ['security.compliance_score', security.compliance_score === null, 'It has not been scanned for compliance.'],
    ['security.vulnerabilities', security.vulnerabilities === null, 'It has not been scanned for vulnerabilities.'],
  ];
}

function ofBackups({ backup }: GuestDetails): Reason[] {
  return [
    [
      'backup.schedule',
      backup.schedule === null,
      backup.enabled === false ? 'No backup job takes it.' : 'No job that is enabled tells when.',
    ],
    [
      'backup.retention_days',
      backup.retention_days === null,
      backup.schedule === null ? 'No backup job takes it.' : 'Its backups are kept by a rule that counts no days.',
    ],
    ['backup.last_backup', backup.last_backup === null, 'There is no backup of it.'],
    ['backup.backup_size_gb', backup.backup_size_gb === null, 'There is no backup of it.'],
  ];
}
