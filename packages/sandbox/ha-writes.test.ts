import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxOptions } from './options.ts';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
afterEach(() => lab.sandbox.close());

/** A call with its parameters and what it must answer; before it, so many seconds pass. */
type Step = [line: string, params: object | undefined, expected: unknown, afterS?: number];

const having = (row: object): unknown => expect.objectContaining(row);
const lacking = (row: object): unknown => expect.not.objectContaining(row);
const without = (rows: unknown[]): unknown => expect.not.arrayContaining(rows);
const holding = (row: object): unknown => expect.arrayContaining([having(row)]);
const RESOURCES = '/cluster/ha/resources';
const RULES = '/cluster/ha/rules';
const GROUPS = '/cluster/ha/groups';
const CURRENT = 'GET /cluster/ha/status/current';

const target = (sid: string, node: string): unknown =>
  having({ manager_status: having({ service_status: having({ [sid]: having({ target: node }) }) }) });

const STORIES: Record<string, Step[]> = {
  'a resource that is to run is started': [
    [`POST ${RESOURCES}`, { sid: 'vm:104', max_restart: 2, comment: 'build' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'queued', request_state: 'started' })],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'starting', crm_state: 'started', max_restart: 2 }), 11],
    [
      CURRENT,
      undefined,
      holding({ id: 'service:vm:104', state: 'started', status: 'vm:104 (pve-node02, started)' }),
      30,
    ],
    [CURRENT, undefined, holding({ id: 'lrm:pve-node02', status: expect.stringMatching(/^pve-node02 \(active, /) })],
    [
      'GET /nodes/pve-node02/qemu/104/status/current',
      undefined,
      having({ status: 'running', ha: having({ managed: 1 }) }),
    ],
    [`POST ${RESOURCES}`, { sid: '104' }, "create resource failed: resource ID 'vm:104' already defined"],
    [`PUT ${RESOURCES}/vm:104`, { state: 'stopped' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'stopping', request_state: 'stopped' })],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'stopped', crm_state: 'stopped' }), 90],
    ['GET /nodes/pve-node02/qemu/104/status/current', undefined, having({ status: 'stopped' })],
    [`DELETE ${RESOURCES}/vm:104`, undefined, null],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'deleting' })],
    [CURRENT, undefined, without([having({ sid: 'vm:104' })]), 20],
    [`DELETE ${RESOURCES}/vm:104`, undefined, "cannot delete service 'vm:104', not HA managed!"],
  ],
  'a resource that is to be off is stopped': [
    [`POST ${RESOURCES}`, { sid: '103', state: 'stopped' }, null],
    ['GET /nodes/pve-node01/qemu/103/status/current', undefined, having({ status: 'stopped' }), 120],
    [`PUT ${RESOURCES}/103`, { state: 'started' }, null],
    ['GET /nodes/pve-node01/qemu/103/status/current', undefined, having({ status: 'running' }), 60],
    [`PUT ${RESOURCES}/103`, { state: 'ignored' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:103', state: 'ignored' }), 20],
    [`POST ${RESOURCES}/103/migrate`, { node: 'pve-node02' }, "resource 'vm:103' is not HA managed"],
  ],
  'what cannot be a resource': [
    [`POST ${RESOURCES}`, { sid: '999' }, 'unable do add resource - VM/CT 999 does not exist'],
    [`POST ${RESOURCES}`, { sid: 'vm:999' }, "resource 'vm:999' does not exists in cluster"],
    [`POST ${RESOURCES}`, { sid: 'vm:abc' }, 'invalid VMID'],
    [`POST ${RESOURCES}`, { sid: 'vm:104', type: 'ct' }, 'types does not match'],
    [
      `POST ${RESOURCES}`,
      { sid: 'vm:104', group: 'rear' },
      "invalid parameter 'group': ha groups have been migrated to rules",
    ],
    [`PUT ${RESOURCES}/vm:104`, { max_restart: 1 }, "update resource failed: no such resource 'vm:104'"],
    [`PUT ${RESOURCES}/vm:100`, { delete: 'size' }, "update resource failed: no such option 'size'"],
    [
      `PUT ${RESOURCES}/vm:100`,
      { comment: 'x', digest: 'abc' },
      'update resource failed: detected modified configuration - file changed by other user? Try again.',
    ],
    [`PUT ${RESOURCES}/vm:100`, { delete: 'max_restart', comment: 'x' }, null],
    [`GET ${RESOURCES}/vm:100`, undefined, lacking({ max_restart: 3 })],
    [
      `POST ${GROUPS}`,
      { group: 'rear', nodes: 'pve-node01' },
      'cannot create group: ha groups have been migrated to rules',
    ],
  ],
  'a service moves where it is told, and back where it belongs': [
    [`POST ${RESOURCES}`, { sid: 'vm:105' }, null],
    [
      `POST ${RULES}`,
      { rule: 'front', type: 'node-affinity', resources: 'vm:105', nodes: 'pve-node01:2,pve-node02' },
      null,
    ],
    [`POST ${RESOURCES}/vm:105/migrate`, { node: 'pve-node02' }, { sid: 'vm:105', 'requested-node': 'pve-node02' }, 20],
    [CURRENT, undefined, holding({ sid: 'vm:105', state: 'migrate', node: 'pve-node01' }), 20],
    ['GET /cluster/ha/status/manager_status', undefined, target('vm:105', 'pve-node02')],
    [CURRENT, undefined, holding({ sid: 'vm:105', node: 'pve-node02', state: 'migrate' }), 180],
    ['GET /cluster/ha/status/manager_status', undefined, target('vm:105', 'pve-node01')],
    [CURRENT, undefined, holding({ sid: 'vm:105', node: 'pve-node01', state: 'started' }), 600],
    [`PUT ${RESOURCES}/ct:200`, { failback: false }, null],
    [`POST ${RESOURCES}/ct:200/relocate`, { node: 'pve-node02' }, having({ sid: 'ct:200' })],
    [CURRENT, undefined, holding({ sid: 'ct:200', node: 'pve-node02', state: 'started' }), 900],
  ],
  'rules say where services may be': [
    [
      `POST ${RULES}`,
      { rule: 'apart', type: 'resource-affinity', affinity: 'negative', resources: 'vm:103,vm:104' },
      'create ha rule failed: cannot use unmanaged resource(s) vm:103, vm:104.',
    ],
    [`POST ${RESOURCES}`, { sid: 'vm:103' }, null],
    [`POST ${RESOURCES}`, { sid: 'vm:104' }, null],
    [
      `POST ${RULES}`,
      { rule: 'apart', type: 'resource-affinity', affinity: 'negative', resources: 'vm:104,vm:103' },
      null,
    ],
    [`GET ${RULES}/apart`, undefined, having({ resources: 'vm:103,vm:104', affinity: 'negative', order: 3 })],
    [
      `POST ${RULES}`,
      { rule: 'apart', type: 'resource-affinity', affinity: 'negative', resources: 'vm:104' },
      "create ha rule failed: HA rule 'apart' already defined",
    ],
    [
      `POST ${RULES}`,
      { rule: 'here', type: 'node-affinity', resources: 'vm:104', nodes: 'nowhere' },
      'create ha rule failed: cannot use non-existant node(s) nowhere.',
    ],
    [
      `POST ${RULES}`,
      { rule: 'one', type: 'resource-affinity', affinity: 'positive', resources: 'vm:104' },
      /^create ha rule failed: 400 Rule 'one' is invalid\.\n+resources: rule is ineffective/,
    ],
    [
      `POST ${RULES}`,
      { rule: 'two', type: 'node-affinity', resources: 'vm:100', nodes: 'pve-node03' },
      /resource 'vm:100' is already used in another node affinity rule/,
    ],
    [
      `POST ${RESOURCES}/vm:104/migrate`,
      { node: 'pve-node01' },
      having({ 'blocking-resources': [{ sid: 'vm:103', cause: 'resource-affinity' }] }),
      60,
    ],
    [
      'GET /nodes/pve-node02/qemu/104/migrate',
      undefined,
      having({
        allowed_nodes: ['pve-node03'],
        not_allowed_nodes: {
          'pve-node01': { 'blocking-ha-resources': [{ sid: 'vm:103', cause: 'resource-affinity' }] },
        },
      }),
    ],
    [
      `POST ${RULES}`,
      { rule: 'third', type: 'node-affinity', resources: 'vm:104', nodes: 'pve-node03', strict: true },
      null,
    ],
    [CURRENT, undefined, holding({ sid: 'vm:104', node: 'pve-node03', state: 'started' }), 600],
    [
      `PUT ${RULES}/third`,
      { type: 'node-affinity', comment: 'GPU', digest: 'abc' },
      /^update HA rules failed: detected modified/,
    ],
    [
      `PUT ${RULES}/third`,
      { type: 'node-affinity', delete: 'nodes' },
      "update HA rules failed: unable to delete required option 'nodes'",
    ],
    [
      `PUT ${RULES}/third`,
      { type: 'node-affinity', nodes: 'pve-node02:2,pve-node03:1', delete: 'strict' },
      /multiple priorities/,
    ],
    [`DELETE ${RULES}/apart`, undefined, null],
    [`PUT ${RULES}/third`, { type: 'node-affinity', nodes: 'pve-node02:2,pve-node03:1', delete: 'strict' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:104', node: 'pve-node02', state: 'started' }), 600],
    [`DELETE ${RESOURCES}/vm:104`, undefined, null],
    [`GET ${RULES}/third`, undefined, "no such ha rule 'third'"],
  ],
  'a service that will not start is given up, and mended': [
    ['PUT /nodes/pve-node02/qemu/104/config', { memory: '900000' }, null],
    [`POST ${RESOURCES}`, { sid: 'vm:104' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'error', crm_state: 'error' }), 1200],
    [
      `PUT ${RESOURCES}/vm:104`,
      { state: 'stopped' },
      "service 'vm:104' in error state, must be disabled and fixed first",
    ],
    [`PUT ${RESOURCES}/vm:104`, { state: 'disabled' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'clearing error flag' })],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'disabled', crm_state: 'stopped' }), 30],
    ['PUT /nodes/pve-node03/qemu/104/config', { memory: '2048' }, null],
    [`PUT ${RESOURCES}/vm:104`, { state: 'started' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:104', state: 'started' }), 60],
  ],
  'a guest that goes down by itself is started again': [
    ['POST /nodes/pve-node01/qemu/100/agent/shutdown', {}, { result: null }],
    ['GET /nodes/pve-node01/qemu/100/status/current', undefined, having({ status: 'stopped' }), 20],
    ['GET /nodes/pve-node01/qemu/100/status/current', undefined, having({ status: 'running' }), 60],
  ],
  'a guest made for HA is looked after': [
    [
      `POST /nodes/pve-node02/lxc`,
      { vmid: 300, ostemplate: 'local:vztmpl/x', 'ha-managed': true },
      /does not exist|unable/,
    ],
    [`POST /nodes/pve-node02/qemu`, { vmid: 301, memory: '1024', 'ha-managed': true, start: true }, /^UPID:/],
    [CURRENT, undefined, holding({ sid: 'vm:301', state: 'started', node: 'pve-node02' }), 60],
  ],
};

const BLOCKED = "command 'ha-manager migrate vm:104 pve-node01' failed: exit code 255";

const OLD_STORIES: Record<string, Step[]> = {
  'groups of 8.4': [
    [`POST ${GROUPS}`, { group: 'rear', nodes: 'pve-node03,pve-node02:2', restricted: true }, null],
    [`GET ${GROUPS}/rear`, undefined, having({ nodes: 'pve-node02:2,pve-node03', restricted: 1, type: 'group' })],
    [
      `POST ${GROUPS}`,
      { group: 'rear', nodes: 'pve-node03' },
      "create ha group failed: ha group ID 'rear' already defined",
    ],
    [`POST ${RESOURCES}`, { sid: 'vm:105', group: 'rear' }, null],
    [CURRENT, undefined, holding({ sid: 'vm:105', group: 'rear', node: 'pve-node02' }), 900],
    [`DELETE ${GROUPS}/rear`, undefined, "delete ha group failed: ha group is used by service 'vm:105'"],
    [`PUT ${GROUPS}/rear`, { delete: 'nodes' }, "update ha group failed: unable to delete required option 'nodes'"],
    [`PUT ${GROUPS}/rear`, { delete: 'restricted', nofailback: true }, null],
    [`PUT ${RESOURCES}/vm:105`, { group: 'none' }, "HA group 'none' does not exist"],
    [`PUT ${RESOURCES}/vm:105`, { delete: 'group' }, null],
    [`DELETE ${GROUPS}/rear`, undefined, null],
    [`POST ${RESOURCES}/vm:105/migrate`, { node: 'pve-node01' }, null],
    [
      `POST ${RULES}`,
      { rule: 'there', type: 'node-affinity', resources: 'vm:105', nodes: 'pve-node01' },
      /not implemented$/,
    ],
  ],
};

async function play(steps: readonly Step[], options: SandboxOptions): Promise<void> {
  lab = await startChanging(options);
  for (const [line, params, expected, afterS = 0] of steps) {
    await lab.sandbox.clock.advance(afterS * 1000);
    const outcome = await lab.call(line, params);
    if (expected instanceof RegExp) expect(outcome).toMatch(expected);
    else expect([line, outcome]).toEqual([line, expected]);
  }
}

describe('HA:', () => {
  it.each(Object.entries(STORIES))('%s', (_name, steps) => play(steps, {}));
  it.each(Object.entries(OLD_STORIES))('%s', (_name, steps) => play(steps, { pve: '8.4' }));

  it('a migration that a rule forbids ends where it is asked for', async () => {
    lab = await startChanging();
    for (const sid of ['103', '104']) await lab.call(`POST ${RESOURCES}`, { sid });
    await lab.sandbox.clock.advance(60_000);
    const apart = { rule: 'apart', type: 'resource-affinity', affinity: 'negative', resources: 'vm:104,vm:103' };
    expect(await lab.call(`POST ${RULES}`, apart)).toBe(null);
    expect(await lab.done('POST /nodes/pve-node02/qemu/104/migrate', { target: 'pve-node01', online: 1 })).toBe(
      BLOCKED,
    );
    expect(lab.log()[2]).toContain("resource 'vm:103' on target node 'pve-node01' in negative affinity");
  });
});
