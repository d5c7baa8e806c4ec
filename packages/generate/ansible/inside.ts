import type { Guest } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import { commented, type Yaml } from '../yaml/nodes.ts';
import { type Book, type Task, variableName } from './book.ts';

/** Makes a machine known to the plays that follow, by its address: the static one, or the one that is said. */
export function connectTasks(book: Book, guest: Guest): Task {
  const { name, users, kind } = guest;
  const user = kind === 'container' ? 'root' : (users[0]?.name ?? systemOf(guest)?.user ?? 'root');
  return {
    name: `Know how to reach ${name}`,
    'ansible.builtin.add_host': {
      name,
      ansible_host: addressOf(guest) ?? book.required(`${variableName(name)}_address`),
      ansible_user: user,
    },
  };
}

/** The static address of a guest; undefined where DHCP gives it one. */
function addressOf({ nics }: Guest): string | undefined {
  const cidr = nics.map(({ ipv4 }) => ipv4).find((each) => each !== null && each !== 'dhcp');
  return cidr?.split('/')[0];
}

/** What is done inside of a guest: packages, users, files, commands, services. */
export function insideTasks(guest: Guest): Task[] {
  const { setup, users, agent } = guest;
  const system = systemOf(guest);
  const packages = [...(agent ? ['qemu-guest-agent'] : []), ...setup.packages];
  const isApt = system?.packages !== 'dnf';
  const refresh: Task = {
    name: 'Refresh the lists of packages',
    'ansible.builtin.apt': { update_cache: true, cache_valid_time: 3600 },
  };
  const install: Task = { name: 'Install packages', 'ansible.builtin.package': { name: packages, state: 'present' } };
  return [
    ...(packages.length === 0 ? [] : isApt ? [refresh, install] : [install]),
    ...users.slice(1).map((user): Task => ({
      name: `Add user ${user.name}`,
      'ansible.builtin.user': {
        name: user.name,
        shell: '/bin/bash',
        groups: user.sudo ? [isApt ? 'sudo' : 'wheel'] : undefined,
        append: true,
      },
    })),
    ...setup.files.map((file): Task => ({
      name: `Write ${file.path}`,
      'ansible.builtin.copy': commented(file.why, {
        dest: file.path,
        content: file.content,
        owner: 'root',
        group: 'root',
        mode: file.mode,
      }),
    })),
    ...setup.commands.map((argv, at): Task => ({
      name: `Run step ${at + 1}, ${argv[0] ?? ''}`,
      'ansible.builtin.command': { argv: argv.map((each): Yaml => each) },
      changed_when: true,
    })),
    ...setup.services.map((service): Task => ({
      name: `Start ${service}`,
      'ansible.builtin.service': { name: service, enabled: true, state: 'started' },
    })),
  ];
}
