import type { FirewallRule, Guest } from '../specification.ts';
import { template, type Yaml } from '../yaml/nodes.ts';
import { type Book, type Task, variableName } from './book.ts';

/** What stands around a guest: its firewall, high availability, backups. */
export function aroundTasks(book: Book, guest: Guest): Task[] {
  const { name, source, firewall, ha, backups, kind } = guest;
  const path = source.from === 'existing' ? String(source.vmid) : `{{ ${variableName(name)}.vmid }}`;
  const id: Yaml = source.from === 'existing' ? source.vmid : template(path);
  const tasks: Task[] = [];
  if (source.from === 'existing') {
    if (firewall !== null)
      book.lacks(
        `${name}: its firewall and rules`,
        'The modules would add each rule a second time: it stays as it is.',
      );
    return tasks;
  }
  if (firewall !== null && firewall.rules.length > 0) {
    tasks.push({
      name: `Set the firewall rules of ${name}`,
      'community.proxmox.proxmox_firewall': {
        level: 'vm',
        vmid: id,
        rules: firewall.rules.map(ruleOf),
        state: 'present',
      },
    });
  }
  if (firewall !== null) tasks.push(switchTask(book, guest, path));
  if (backups !== null) {
    tasks.push({
      name: `Back ${name} up`,
      'community.proxmox.proxmox_backup_schedule': {
        vm_id: id,
        backup_id: template('{{ proxmox_backup_job }}'),
        state: 'present',
      },
      when: 'proxmox_backup_job is defined',
    });
    const what = `${name}: backups at ${backups.schedule}, the last ${backups.keep} kept`;
    book.lacks(
      what,
      'The module adds guests to a job that is there: make one in Proxmox, and say its id as proxmox_backup_job.',
    );
  }
  if (ha !== null) {
    const sid = `${kind === 'vm' ? 'vm' : 'ct'}:${path}`;
    tasks.push({
      name: `Keep ${name} available`,
      'community.proxmox.proxmox_cluster_ha_resources': {
        name: template(sid),
        hastate: ha.state,
        max_restart: ha.max_restart ?? undefined,
        max_relocate: ha.max_relocate ?? undefined,
        state: 'present',
      },
    });
  }
  return tasks;
}

/** No module has the firewall's switch and policies, so that the API itself is called. The token is kept out of the log. */
function switchTask(book: Book, guest: Guest, id: string): Task {
  const { name: called, firewall, kind, node } = guest;
  const at = node ?? (book.required('proxmox_node'), '{{ proxmox_node }}');
  const env = (name: string): Yaml => template(`{{ lookup('ansible.builtin.env', '${name}') }}`);
  book.variable('proxmox_host', env('PROXMOX_HOST'));
  book.variable('proxmox_user', env('PROXMOX_USER'));
  book.variable('proxmox_token_id', env('PROXMOX_TOKEN_ID'));
  book.variable('proxmox_token_secret', env('PROXMOX_TOKEN_SECRET'));
  const path = `nodes/${at}/${kind === 'vm' ? 'qemu' : 'lxc'}/${id}/firewall/options`;
  return {
    name: `Switch the firewall of ${called} ${firewall?.enabled === true ? 'on' : 'off'}`,
    'ansible.builtin.uri': {
      url: template(`https://{{ proxmox_host }}:8006/api2/json/${path}`),
      method: 'PUT',
      headers: {
        Authorization: template('PVEAPIToken={{ proxmox_user }}!{{ proxmox_token_id }}={{ proxmox_token_secret }}'),
      },
      body_format: 'json',
      body: {
        enable: firewall?.enabled === true ? 1 : 0,
        policy_in: firewall?.input,
        policy_out: firewall?.output,
        ...dhcpOf(guest),
      },
    },
    no_log: true,
  };
}

/** Without it, a firewall that drops also drops the answers that give the guest its address. */
const dhcpOf = ({ nics, source }: Guest): { dhcp?: number } =>
  source.from !== 'existing' && nics.some(({ ipv4 }) => ipv4 === 'dhcp') ? { dhcp: 1 } : {};

function ruleOf(rule: FirewallRule, at: number): Yaml {
  return {
    pos: at,
    type: rule.direction,
    action: rule.action,
    proto: rule.protocol ?? undefined,
    dport: rule.ports ?? undefined,
    source: rule.source ?? undefined,
    dest: rule.dest ?? undefined,
    macro: rule.macro ?? undefined,
    enable: rule.enabled,
    comment: rule.comment === '' ? undefined : rule.comment,
  };
}
