/** What is asked for in words, so that every part of what can be generated is written at least once. */
export const PROMPTS: readonly string[] = [
  'Create a secure web server VM with Nginx, SSL certificate, and firewall rules',
  'Two Debian 12 web servers with Apache for www.example.com behind an HAProxy load balancer, and a PostgreSQL database with 16 GB RAM and 200 GB disk',
  'A Windows Server 2022 VM with 8 cores, 32 GB RAM and a 200GB disk plus an additional 500 GB data disk',
  'An LXC container with unbound on vlan 10, 512 MB memory, ip 10.0.10.53/24 gateway 10.0.10.1 dns 1.1.1.1 and 9.9.9.9',
  'Three highly available Rocky Linux docker hosts with 4 vCPUs, 16GB RAM, 100 GB SSD and daily backups keeping 30 days',
  'Clone template 9000 to a VM named build-01 with id 450 on node pve-node02, storage local-zfs, tagged ci and nightly, user deploy, not started',
  'a bastion host with fail2ban, open port 22 from 203.0.113.0/24, automatic updates and audit logging',
  'A MariaDB server with tpm and secure boot, protected from deletion, allow port 3306 from 10.0.0.0/8',
  'redis cache in a privileged container with 2 cores',
  'Ubuntu 22.04 VM with 2 sockets, 8 cores, cpu type host, uefi, swap of 2GB, bridge vmbr1, mtu, wireguard and udp port 51820 open',
  'A file server container with samba, 4GB memory, 50 GB disk and a second 500 GB disk',
  'An AlmaLinux 9 VM with nginx and a self-signed certificate for intern.example.org, users alice and bob',
];

/** Where it stands, and what it has to comply with. */
export const CONTEXTS: readonly object[] = [
  {},
  { environment: 'development' },
  { environment: 'production', compliance_requirements: ['CIS', 'SOC2'] },
];
