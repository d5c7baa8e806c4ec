import type { ParamsOf } from '@pxa/pve/facts';
import { asText } from '@pxa/pve/values';
import { action, already, call, factAt, needed, piece, type Planned, refused } from '../kit/index.ts';
import { nodeNow, offline } from './node-now.ts';

const onNodes = { dataset: 'nodes' } as const;

export const nodeNotes = action({
  id: 'node.notes',
  verb: 'set the notes of the node',
  risk: 'change',
  on: onNodes,
  say: [
    '(set|change|update) (note|notes|description|comment) (of|for|on) {on} to {text}',
    '(describe|annotate) [node] {on} as {text}',
    '(clear|remove|delete) (note|notes|description) (of|from|for) {on}',
  ],
  input: { text: { kind: 'text', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const of = await nodeNow(planning, target);
    const wrong = offline(of);
    if (wrong.length > 0) return refused(...wrong);
    const { node } = of;
    const config = needed<unknown>(
      await planning.read('/nodes/{node}/config', { node }),
      `The configuration of ${node}`,
    );
    const before = asText((config as Readonly<Record<string, unknown>>)['description']); // An object, by the facts.
    const { text } = input;
    if ((before ?? '').trimEnd() === (text ?? '')) return already(`The notes of ${node} are so.`);
    const says = text === undefined ? `Clear the notes of ${node}` : `Set the notes of ${node}`;
    const fact = factAt(`notes of ${node}`, `/nodes/${node}/config`, ['description'], null);
    return piece({
      says,
      steps: [
        {
          ...call(
            'PUT',
            '/nodes/{node}/config',
            { node, ...(text === undefined ? { delete: 'description' } : { description: text }) },
            says,
          ),
          node,
          limitSeconds: 60,
          relies: [{ ...fact, is: before }],
          // Proxmox ends what it keeps with a line of its own.
          expects: [text === undefined ? fact : { ...fact, how: 'known' }],
        },
      ],
      changes: [{ about: node, key: 'notes', before, after: text ?? null }],
    });
  },
  examples: [
    {
      say: 'set the notes of pve-node02 to "rack 4, unit 12"',
      sends: ["PUT /nodes/pve-node02/config description='rack 4, unit 12'"],
    },
    {
      say: 'change the description of pve-node01 to "main site"',
      sends: ["PUT /nodes/pve-node01/config description='main site'"],
    },
    { say: 'set the notes of pve-node99 to "nothing"', sends: 'clarification' },
  ],
});

type Service = ParamsOf<'POST', '/nodes/{node}/services/{service}/restart'>['service'];
type Deed = 'restart' | 'reload' | 'start' | 'stop';

/** The services that Proxmox lets be managed (pve-manager API2/Services.pm). */
const services: readonly Service[] = [
  'chrony', 'corosync', 'cron', 'ksmtuned', 'lxcfs', 'postfix', 'proxmox-firewall', 'pve-cluster', 'pve-firewall', 'pve-ha-crm',
  'pve-ha-lrm', 'pve-lxc-syscalld', 'pvedaemon', 'pvefw-logger', 'pveproxy', 'pvescheduler', 'pvestatd', 'qmeventd', 'spiceproxy', 'sshd', 'syslog',
  'systemd-journald', 'systemd-timesyncd',
]; // prettier-ignore

/** Without these, nothing could be asked of the node any more; Proxmox does not stop them either. */
const essential: ReadonlySet<string> = new Set(['pveproxy', 'pvedaemon', 'pve-cluster', 'corosync', 'sshd']);

/** What else goes with a service. */
const effects: Readonly<Record<string, string>> = {
  corosync: 'While corosync is away, the node has no quorum; with HA active on it, it can be fenced.',
  'pve-cluster':
    'While pve-cluster is away, the configuration of the cluster cannot be read there; with HA active on it, the node can be fenced.',
  'pve-ha-lrm': 'HA does nothing on the node while it is away; its watchdog may fence the node.',
  'pve-ha-crm': 'If it is the HA master, another node takes over.',
  pveproxy: 'Connections to the node’s web interface and API break for a moment, ours too.',
  pvedaemon: 'Tasks that run go on; requests break for a moment.',
  'pve-firewall': 'While it is away, changed rules are not taken up.',
  pvescheduler: 'Backups and replication due in the meantime are late.',
  sshd: 'Sessions that are open go on.',
};

const stepOf = (deed: Deed, node: string, service: Service, says: string): ReturnType<typeof call> => {
  const at = { node, service };
  if (deed === 'restart') return call('POST', '/nodes/{node}/services/{service}/restart', at, says);
  if (deed === 'reload') return call('POST', '/nodes/{node}/services/{service}/reload', at, says);
  if (deed === 'start') return call('POST', '/nodes/{node}/services/{service}/start', at, says);
  return call('POST', '/nodes/{node}/services/{service}/stop', at, says);
};

export const nodeService = action({
  id: 'node.service',
  verb: 'manage a service of',
  risk: 'disruptive',
  on: onNodes,
  say: [
    '{deed} [service] {service} [service|daemon] (on|of|at) [node] {on}',
    '{deed} (service|daemon) {name} (on|of|at) [node] {on}',
  ],
  input: {
    deed: {
      kind: 'choice',
      say: [],
      values: { restart: 'restart|bounce', reload: 'reload', start: 'start', stop: 'stop' },
    },
    service: { kind: 'choice', say: [], values: Object.fromEntries(services.map((each) => [each, each])) },
    name: { kind: 'word', say: [] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const of = await nodeNow(planning, target);
    const wrong = offline(of);
    if (wrong.length > 0) return refused(...wrong);
    const { deed = 'restart', service: said = input.name } = input;
    const service = services.find((each) => each === said);
    if (service === undefined)
      return refused({ why: `Proxmox manages no service ${said ?? ''}.`, next: `It manages ${services.join(', ')}.` });
    if (deed === 'stop' && essential.has(service))
      return refused({
        why: `${service} cannot be stopped: nothing could be asked of ${of.node} any more.`,
        next: `Restart it: “restart ${service} on ${of.node}”.`,
        say: `restart ${service} on ${of.node}`,
      });
    const { node } = of;
    const state = needed<unknown>(
      await planning.read('/nodes/{node}/services/{service}/state', { node, service }),
      `The state of ${service}`,
    );
    const now = asText((state as Readonly<Record<string, unknown>>)['state']); // An object, by the facts.
    const wanted = deed === 'stop' ? 'dead' : 'running';
    if ((deed === 'start' && now === 'running') || (deed === 'stop' && now === 'dead'))
      return already(`${service} of ${node} is ${now}.`);
    const says = `${deed.charAt(0).toUpperCase()}${deed.slice(1)} ${service} on ${node}`;
    return piece({
      says,
      steps: [
        {
          ...stepOf(deed as Deed, node, service, says), // The choice has these values alone.
          node,
          tasks: [{ type: `srv${deed}`, id: service }],
          limitSeconds: 300,
          expects:
            deed === 'stop'
              ? []
              : [
                  factAt(
                    `state of ${service} on ${node}`,
                    `/nodes/${node}/services/${service}/state`,
                    ['state'],
                    wanted,
                  ),
                ],
        },
      ],
      warnings: effects[service] === undefined ? [] : [effects[service]],
      changes: [
        {
          about: node,
          key: service,
          before: now,
          after: deed === 'stop' ? 'stopped' : deed === 'start' ? 'running' : `${deed}ed`,
        },
      ],
    });
  },
  examples: [
    { say: 'restart pvestatd on pve-node02', sends: ['POST /nodes/pve-node02/services/pvestatd/restart'] },
    { say: 'start pveproxy on pve-node02', sends: 'answer' },
    { say: 'stop the service pveproxy on pve-node01', sends: 'clarification' },
    { say: 'restart service nginx on pve-node02', sends: 'clarification' },
  ],
});
