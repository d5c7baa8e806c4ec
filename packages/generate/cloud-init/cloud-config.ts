import { type Guest, type Setup } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import { commented, Raw, type Yaml } from '../yaml/nodes.ts';
import { printYaml } from '../yaml/print.ts';

/** Whether there is anything for cloud-init to do inside that Proxmox's own settings cannot say. */
export function needsUserData({ kind, setup, source, users }: Guest): boolean {
  if (kind === 'container' || source.from === 'existing') return false;
  return users.length > 1 || Object.values(setup).some((part: readonly unknown[]) => part.length > 0);
}

/** User data of a guest as cloud-init reads it (docs.cloud-init.io, module reference). `keys` stand where its keys do. */
export function cloudConfig(guest: Guest, keys: Yaml = guest.ssh_keys): string {
  const { setup, password_login: isPassword, users } = guest;
  const isStrict = !isPassword;
  const config: Yaml = {
    hostname: guest.name.split('.')[0],
    ...(guest.name.includes('.') ? { fqdn: guest.name } : {}),
    manage_etc_hosts: true,
    users: usersOf(guest, keys),
    ssh_pwauth: isStrict ? commented('SSH by key alone.', false) : true,
    disable_root: true,
    package_update: true,
    package_upgrade: commented('It starts with the updates that there are.', true),
    packages: listed(packagesOf(guest)),
    write_files: listed(setup.files.map(fileOf)),
    runcmd: listed(commandsOf(guest)),
  };
  return `#cloud-config\n${printYaml(users.length === 0 ? { ...config, users: undefined } : config, 'plain')}`;
}

function usersOf({ users, source }: Guest, keys: Yaml): Yaml[] {
  const isDnf = systemOf({ source })?.packages === 'dnf';
  return users.map(({ name, sudo }) => ({
    name,
    shell: '/bin/bash',
    lock_passwd: true,
    ...(sudo ? { groups: [isDnf ? 'wheel' : 'sudo'], sudo: 'ALL=(ALL) NOPASSWD:ALL' } : {}),
    // An empty list is none by its schema.
    ssh_authorized_keys: Array.isArray(keys) && keys.length === 0 ? undefined : keys,
  }));
}

/** Proxmox learns addresses, and stops guests politely, through the agent. */
function packagesOf({ agent, setup }: Guest): string[] {
  return [...(agent ? ['qemu-guest-agent'] : []), ...setup.packages.filter((name) => name !== 'qemu-guest-agent')];
}

function fileOf({ path, content, mode, why }: Setup['files'][number]): Yaml {
  // Deferred: what a package brings must not ask what to do with a file that is there, nor fail for it.
  return new Raw({ path, permissions: mode, owner: 'root:root', defer: true, content }, { comment: why });
}

/** A service is started when all that it needs is there. */
function commandsOf({ agent, setup: { services, commands } }: Guest): string[][] {
  const enable = services.map((name) => ['systemctl', 'enable', '--now', name]);
  return [...(agent ? [['systemctl', 'start', 'qemu-guest-agent']] : []), ...commands, ...enable];
}

const listed = (items: Yaml[]): Yaml | undefined => (items.length === 0 ? undefined : items);
