import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

/** A call and its end, and what the guest's row then has. */
type Step = [line: string, params: object | undefined, end: unknown, row?: object];

const vm = (node: number, vmid: number, what: string): string =>
  `POST /nodes/pve-node0${node}/qemu/${vmid}/status/${what}`;
const ct = (node: number, vmid: number, what: string): string =>
  `POST /nodes/pve-node0${node}/lxc/${vmid}/status/${what}`;

const STORIES: Record<string, Step[]> = {
  'a VM is started, shut down and started again': [
    [vm(2, 104, 'start'), {}, 'OK', { status: 'running', name: 'build-agent' }],
    [vm(2, 104, 'start'), {}, 'VM 104 already running'],
    [vm(2, 104, 'shutdown'), {}, 'OK', { status: 'stopped', uptime: 0, cpu: 0, mem: 0 }],
    [vm(2, 104, 'shutdown'), {}, 'OK'],
    [vm(2, 104, 'stop'), {}, 'OK'],
    [vm(2, 104, 'start'), {}, 'OK', { status: 'running' }],
  ],
  'a VM that does not run': [
    [vm(2, 104, 'reboot'), {}, 'VM 104 not running'],
    [vm(2, 104, 'reset'), {}, 'VM 104 not running'],
    [vm(2, 104, 'suspend'), {}, 'VM 104 not running'],
    [vm(2, 104, 'resume'), {}, 'VM 104 not running'],
  ],
  'a VM that is not there': [
    [vm(1, 104, 'start'), {}, "Configuration file 'nodes/pve-node01/qemu-server/104.conf' does not exist"],
    [vm(1, 104, 'stop'), {}, "Configuration file 'nodes/pve-node01/qemu-server/104.conf' does not exist"],
    [vm(1, 104, 'reboot'), {}, "unable to find configuration file for VM 104 on node 'pve-node01'"],
  ],
  'a paused VM': [
    [vm(1, 103, 'suspend'), {}, 'OK', { status: 'running' }],
    [vm(1, 103, 'shutdown'), {}, 'VM is paused - cannot shutdown'],
    [vm(1, 103, 'reboot'), {}, 'VM is paused - cannot shutdown'],
    [vm(1, 103, 'resume'), {}, 'OK'],
    [vm(1, 103, 'reset'), {}, 'OK', { status: 'running' }],
    [vm(1, 103, 'reboot'), {}, 'OK'],
  ],
  'a VM sleeps on disk': [
    [vm(1, 105, 'suspend'), { todisk: true }, 'OK', { status: 'stopped', lock: 'suspended' }],
    [vm(1, 105, 'stop'), {}, 'OK'],
    [vm(1, 105, 'start'), {}, 'OK', { status: 'running' }],
    [vm(1, 100, 'suspend'), { todisk: true }, 'Cannot suspend HA managed VM to disk'],
  ],
  'a polite power-off has an end': [
    [vm(1, 105, 'shutdown'), { timeout: 1 }, 'VM quit/powerdown failed - got timeout', { status: 'running' }],
    [vm(1, 105, 'shutdown'), { timeout: 1, forceStop: true }, 'OK', { status: 'stopped' }],
    [ct(2, 202, 'shutdown'), { timeout: 0 }, "command 'lxc-stop -n 202 --nokill --timeout 0' failed: exit code 1"],
  ],
  'templates do not start': [[vm(2, 9000, 'start'), {}, "you can't start a vm if it's a template"]],
  'a container': [
    [ct(2, 203, 'stop'), {}, 'CT 203 not running'],
    [ct(2, 203, 'reboot'), {}, 'VM 203 not running'],
    [ct(2, 203, 'start'), {}, 'OK', { status: 'running' }],
    [ct(2, 203, 'start'), {}, 'CT 203 already running'],
    [ct(2, 203, 'reboot'), {}, 'OK', { status: 'running' }],
    [ct(2, 203, 'shutdown'), {}, 'OK', { status: 'stopped' }],
    [ct(1, 203, 'start'), {}, "Configuration file 'nodes/pve-node01/lxc/203.conf' does not exist"],
    [ct(1, 201, 'suspend'), {}, /^command 'lxc-checkpoint/],
  ],
};

async function row(line: string): Promise<unknown> {
  const [, , , , vmid] = line.split('/');
  await lab.sandbox.clock.advance(10_000);
  // the rows of /cluster/resources are objects
  const rows = (await lab.call('GET /cluster/resources?type=vm')) as { vmid: number }[];
  return rows.find((one) => one.vmid === Number(vmid));
}

describe('power', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end, expected] of steps) {
      const outcome = await lab.done(line, params);
      if (end instanceof RegExp) expect(outcome).toMatch(end);
      else expect([line, outcome]).toEqual([line, end]);
      if (expected) expect(await row(line)).toMatchObject(expected);
    }
  });

  it('of a guest under HA is the manager’s: the call only tells what is wanted', async () => {
    expect(await lab.done(vm(1, 101, 'stop'), {})).toBe('OK');
    expect(lab.log()).toEqual(['Requesting HA stop for VM 101', 'TASK OK']);
    expect(lab.sandbox.state.guests.get(101)?.status).toBe('running');
    await lab.sandbox.clock.advance(60_000);
    expect(await row(vm(1, 101, ''))).toMatchObject({ status: 'stopped', hastate: 'stopped' });
    expect(lab.sandbox.tasks.all()[0]).toMatchObject({ type: 'qmstop', id: '101', user: 'root@pam', status: 'OK' });
    expect(await lab.done(vm(1, 101, 'start'), {})).toBe('OK');
    await lab.sandbox.clock.advance(60_000);
    expect(await row(vm(1, 101, ''))).toMatchObject({ status: 'running', hastate: 'started' });
  });

  it('brings the agent back some seconds after the start', async () => {
    const agent = 'GET /nodes/pve-node01/qemu/103/agent/get-osinfo';
    await lab.done(vm(1, 103, 'stop'), {});
    await lab.done(vm(1, 103, 'start'), {});
    expect(await lab.call(agent)).toBe('QEMU guest agent is not running');
    await lab.sandbox.clock.advance(30_000);
    expect(await lab.call(agent)).toHaveProperty('result');
  });

  it('shows a container’s interfaces at once, and its addresses once it has set them up', async () => {
    const interfaces = (): Promise<unknown> => lab.call('GET /nodes/pve-node02/lxc/203/interfaces');
    const upid = String(await lab.call(ct(2, 203, 'start'), {}));
    while (lab.sandbox.tasks.find(upid)?.endtime === undefined) await lab.sandbox.clock.advance(100);
    const eth0 = { name: 'eth0', hwaddr: expect.any(String) };
    expect(await interfaces()).toEqual([
      expect.objectContaining({ name: 'lo', 'ip-addresses': [] }),
      expect.objectContaining({ ...eth0, 'ip-addresses': [] }),
    ]);
    await lab.sandbox.clock.advance(5_000);
    expect(await interfaces()).toContainEqual(expect.objectContaining({ ...eth0, inet: expect.any(String) }));
  });

  it('is refused where the node has no memory left, in QEMU’s words', async () => {
    const guest = lab.sandbox.state.guests.get(104);
    if (guest) guest.config = { ...guest.config, memory: '200000' };
    expect(await lab.done(vm(2, 104, 'start'), {})).toBe('start failed: QEMU exited with code 1');
    expect(lab.log()[0]).toContain('Cannot allocate memory');
  });

  it('moves the node’s load with it', async () => {
    const mem = async (): Promise<number> => {
      await lab.sandbox.clock.advance(10_000);
      const rows = (await lab.call('GET /nodes')) as { node: string; mem: number }[]; // rows of nodes
      return rows.find(({ node }) => node === 'pve-node01')?.mem ?? 0;
    };
    const before = await mem();
    await lab.done(vm(1, 103, 'stop'), {});
    expect(before - (await mem())).toBeGreaterThan(8 * 1024 ** 3);
  });
});
