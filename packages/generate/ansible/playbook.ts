import type { Guest, Specification } from '../specification.ts';
import type { NotExpressed } from '../terraform/module.ts';
import { Raw, type Yaml } from '../yaml/nodes.ts';
import { printYaml } from '../yaml/print.ts';
import { connectTasks, insideTasks } from './inside.ts';
import { aroundTasks } from './around.ts';
import { Book, type Task } from './book.ts';
import { containerTasks } from './containers.ts';
import { vmTasks } from './machines.ts';

/** A playbook: the machines are made through Proxmox’s API (community.proxmox), then set up over SSH. */
export function ansiblePlaybook({ guests, measures }: Specification): {
  code: string;
  notExpressed: readonly NotExpressed[];
} {
  const book = new Book();
  const made = guests.flatMap((guest): Task[] => [
    ...(guest.kind === 'vm' ? vmTasks(book, guest) : containerTasks(book, guest)),
    ...aroundTasks(book, guest),
  ]);
  const inner = guests.filter(isSetUp);
  const reached = inner.map((guest) => connectTasks(book, guest));
  const plays: Yaml[] = [machines(book, [...made, ...reached]), ...inner.map((guest) => inside(guest))];
  const head = [
    '---',
    '# The cluster and token come from PROXMOX_HOST, PROXMOX_USER, PROXMOX_TOKEN_ID and PROXMOX_TOKEN_SECRET.',
    ...measures.map(({ says, controls }) => `# ${says} (${controls.join(', ')})`),
  ];
  return { code: `${head.join('\n')}\n${printYaml(plays, 'ansible')}`, notExpressed: book.notExpressed };
}

/** Whether there is anything to do inside of it, where Ansible can be. */
function isSetUp({ setup, source, users }: Guest): boolean {
  return (
    source.from !== 'existing' &&
    (users.length > 1 || Object.values(setup).some((part: readonly unknown[]) => part.length > 0))
  );
}

function machines(book: Book, tasks: readonly Task[]): Yaml {
  const needed = book.requiredNames();
  const check: Task = {
    name: 'Know what has to be said',
    'ansible.builtin.assert': {
      that: needed.map((name) => `${name} is defined`),
      fail_msg: 'Set what is missing, with -e or in the inventory.',
    },
  };
  return {
    name: 'Make the machines',
    hosts: 'localhost',
    connection: 'local',
    gather_facts: false,
    vars: book.vars(),
    module_defaults: {
      'group/community.proxmox.proxmox': {
        validate_certs: new Raw(true, { comment: 'The certificate of the cluster is checked, always.' }),
      },
    },
    tasks: [...(needed.length === 0 ? [] : [check]), ...tasks],
  };
}

function inside(guest: Guest): Yaml {
  return {
    name: `Set up ${guest.name}`,
    hosts: guest.name,
    become: true,
    gather_facts: false,
    tasks: [
      { name: 'Wait until it is up', 'ansible.builtin.wait_for_connection': { timeout: 300 } },
      ...insideTasks(guest),
    ],
  };
}
