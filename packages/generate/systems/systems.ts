import type { OperatingSystem } from '../specification.ts';

/** What is known of an operating system that guests are made of. */
export interface System {
  readonly label: string;
  /** How packages are installed in it; null where cloud-init and packages are not its way. */
  readonly packages: 'apt' | 'dnf' | null;
  /** Where its makers publish the cloud image, which is always the newest. */
  readonly image: string | null;
  /** What Proxmox calls it, of a VM and of a container. */
  readonly vm: string;
  readonly container: string | null;
  /** The user that the image itself makes. */
  readonly user: string;
  /** The last day of free security updates, as its makers publish it. */
  readonly endOfLife: string;
}

const UBUNTU = 'https://cloud-images.ubuntu.com';
const DEBIAN = 'https://cloud.debian.org/images/cloud';
const linux = { vm: 'l26' } as const;
const windows = { packages: null, image: null, container: null, user: 'Administrator' } as const;

/** Dates: ubuntu.com/about/release-cycle, debian.org/releases and wiki.debian.org/LTS, rockylinux.org, almalinux.org, learn.microsoft.com/lifecycle. */
export const SYSTEMS: Readonly<Record<OperatingSystem, System>> = {
  'ubuntu-24.04': {
    ...linux,
    label: 'Ubuntu 24.04',
    packages: 'apt',
    image: `${UBUNTU}/noble/current/noble-server-cloudimg-amd64.img`,
    container: 'ubuntu',
    user: 'ubuntu',
    endOfLife: '2029-05-31',
  },
  'ubuntu-22.04': {
    ...linux,
    label: 'Ubuntu 22.04',
    packages: 'apt',
    image: `${UBUNTU}/jammy/current/jammy-server-cloudimg-amd64.img`,
    container: 'ubuntu',
    user: 'ubuntu',
    endOfLife: '2027-06-01',
  },
  'debian-13': {
    ...linux,
    label: 'Debian 13',
    packages: 'apt',
    image: `${DEBIAN}/trixie/latest/debian-13-genericcloud-amd64.qcow2`,
    container: 'debian',
    user: 'debian',
    endOfLife: '2030-06-30',
  },
  'debian-12': {
    ...linux,
    label: 'Debian 12',
    packages: 'apt',
    image: `${DEBIAN}/bookworm/latest/debian-12-genericcloud-amd64.qcow2`,
    container: 'debian',
    user: 'debian',
    endOfLife: '2028-06-30',
  },
  'rocky-9': {
    ...linux,
    label: 'Rocky Linux 9',
    packages: 'dnf',
    image: 'https://dl.rockylinux.org/pub/rocky/9/images/x86_64/Rocky-9-GenericCloud-Base.latest.x86_64.qcow2',
    container: 'centos',
    user: 'rocky',
    endOfLife: '2032-05-31',
  },
  'almalinux-9': {
    ...linux,
    label: 'AlmaLinux 9',
    packages: 'dnf',
    image: 'https://repo.almalinux.org/almalinux/9/cloud/x86_64/images/AlmaLinux-9-GenericCloud-latest.x86_64.qcow2',
    container: 'centos',
    user: 'almalinux',
    endOfLife: '2032-05-31',
  },
  'windows-2025': { ...windows, label: 'Windows Server 2025', vm: 'win11', endOfLife: '2034-10-10' },
  'windows-2022': { ...windows, label: 'Windows Server 2022', vm: 'win11', endOfLife: '2031-10-14' },
  'windows-11': { ...windows, label: 'Windows 11', vm: 'win11', endOfLife: '2031-10-07' },
};

/** The system that a guest is made of; undefined where it comes from a template or is there already. */
export function systemOf({
  source,
}: {
  readonly source: { readonly from: string; readonly os?: OperatingSystem };
}): System | undefined {
  return source.os === undefined ? undefined : SYSTEMS[source.os];
}
