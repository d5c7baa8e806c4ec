import { dataset, given, is, not, perNode, text } from '../kit/index.ts';

/** The system services of the nodes that Proxmox watches over. */
export const services = dataset({
  id: 'services',
  title: 'System services',
  counted: 'count',
  nouns: [
    { words: 'system service|node service|daemon|systemd unit|proxmox service|pve service', title: 'System services' },
    { words: 'service', title: 'System services', weak: true },
  ],
  rows: perNode(
    '/nodes/{node}/services',
    (node) => ({ node }),
    'services',
    (rec, node) => `service/${node}/${String(rec.data['service'] ?? rec.data['name'])}`,
  ),
  columns: {
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    service: text('SERVICE', 'service', { words: 'service|name' }),
    // What a service is not needed for is neither running nor failed: dead, as systemd says.
    state: text('STATE', 'state', {
      words: 'state|status',
      values: {
        running: 'running|up|active|alive|started|ok|online',
        dead: 'dead|stopped|down|inactive|not running|off',
        failed: 'failed|broken|crashed|in error',
      },
    }),
    unit: text('UNIT', 'unit-state', { words: 'unit state|enabled', absent: '' }),
    description: text('DESCRIPTION', 'desc', { words: 'description', absent: '' }),
  },
  identity: ['node', 'service'],
  shown: ['node', 'service', 'state', 'unit', 'description'],
  named: 'service',
  form: {
    column: 'service',
    pattern:
      /^(pve(proxy|daemon|statd|scheduler|netcommit|fw-logger|-(firewall|cluster|ha-lrm|ha-crm))|spiceproxy|corosync|qmeventd|lxcfs|ksmtuned|chrony|postfix)$/,
  },
  scopes: { node: 'node' },
  phrases: [{ say: 'enabled|enabled at boot', where: is('unit', 'enabled'), not: not(is('unit', 'enabled')) }],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'service', dir: 'asc' },
  ],
  summary: (rows) => `${rows.filter((row) => row('state') === 'running').length} of ${rows.length} running`,
  findings: [
    {
      code: 'node.service_failed',
      severity: 'warning',
      needs: ['node', 'service', 'state'],
      check: (value) =>
        value('state') === 'failed'
          ? {
              about: `node/${String(value('node'))}`,
              text: `Service ${String(value('service'))} of ${String(value('node'))} has failed.`,
              next_step: `On ${String(value('node'))}: \`systemctl status ${String(value('service'))}\`.`,
            }
          : undefined,
    },
  ],
});
