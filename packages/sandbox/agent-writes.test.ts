import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

/** A call with its parameters and what it must answer; before it, so many seconds pass. */
type Step = [line: string, params: object | undefined, expected: unknown, afterS?: number];

const VM = '/nodes/pve-node01/qemu/103';
const AGENT = `${VM}/agent`;
const having = (row: object): unknown => expect.objectContaining(row);
const holding = (row: object): unknown => expect.arrayContaining([having(row)]);
const FROZEN = /^VM 103 qga command 'guest-exec' failed - Command guest-exec has been disabled/;
const KEYS = '/root/.ssh/authorized_keys';

const STORIES: Record<string, Step[]> = {
  'an agent that answers, and when it does not': [
    [`POST ${AGENT}/ping`, {}, { result: {} }],
    [`POST ${AGENT}`, { command: 'ping' }, { result: {} }],
    [`POST ${AGENT}`, { command: 'get-host-name' }, { result: { 'host-name': expect.any(String) } }],
    [`POST ${VM}/status/stop`, {}, /^UPID:/],
    [`POST ${AGENT}/ping`, {}, 'VM 103 is not running', 10],
    [`POST ${VM}/status/start`, {}, /^UPID:/],
    [`POST ${AGENT}/ping`, {}, 'QEMU guest agent is not running', 10],
    [`POST ${AGENT}/ping`, {}, { result: {} }, 30],
    [`PUT ${VM}/config`, { agent: '0' }, null],
    [`POST ${AGENT}/ping`, {}, { result: {} }],
    [`POST ${VM}/status/stop`, {}, /^UPID:/],
    [`POST ${AGENT}/ping`, {}, 'No QEMU guest agent configured', 10],
    ['POST /nodes/pve-node01/qemu/999/agent/ping', {}, /does not exist$/],
  ],
  'files keep what is written into them': [
    [
      `GET ${AGENT}/file-read?file=${KEYS}`,
      undefined,
      /^VM 103 qga command 'guest-file-open' failed - failed to open file/,
    ],
    [`POST ${AGENT}/file-write`, { file: KEYS, content: 'ssh-ed25519 AAAA anna\n' }, null],
    [`GET ${AGENT}/file-read?file=${KEYS}`, undefined, { content: 'ssh-ed25519 AAAA anna\n', 'bytes-read': 22 }],
    [`POST ${AGENT}/file-write`, { file: '/tmp/x', content: 'YWJj', encode: false }, null],
    [`GET ${AGENT}/file-read?file=/tmp/x`, undefined, { content: 'abc', 'bytes-read': 3 }],
    [`GET ${AGENT}/file-read?file=/tmp/x&decode=0`, undefined, { content: 'YWJj', 'bytes-read': 3 }],
    [`GET ${AGENT}/file-read?file=/tmp/x&offset=1&count=1`, undefined, { content: 'b', 'bytes-read': 1, truncated: 1 }],
    [`POST ${VM}/status/reboot`, {}, /^UPID:/],
    [`GET ${AGENT}/file-read?file=${KEYS}`, undefined, having({ 'bytes-read': 22 }), 120],
    [
      `POST ${AGENT}/file-write`,
      { file: '/tmp/x', content: 'x'.repeat(61_441) },
      having({ content: expect.anything() }),
    ],
  ],
  processes: [
    [`POST ${AGENT}/exec`, { command: ['mkdir', '-p', '/root/.ssh'] }, { pid: expect.any(Number) }],
    [`POST ${AGENT}/exec`, { command: ['true'], 'input-data': 'x' }, { pid: 1202 }],
    [`GET ${AGENT}/exec-status?pid=1202`, undefined, { exited: 0 }],
    [`GET ${AGENT}/exec-status?pid=1202`, undefined, { exited: 1, exitcode: 0 }, 2],
    [
      `GET ${AGENT}/exec-status?pid=1202`,
      undefined,
      "VM 103 qga command 'guest-exec-status' failed - PID 1202 does not exist",
    ],
    [`POST ${AGENT}/set-user-password`, { username: 'root', password: 'long-enough' }, { result: {} }],
    [`POST ${AGENT}/set-user-password`, { username: 'root', password: 'x' }, having({ password: expect.anything() })],
  ],
  'file systems freeze and thaw': [
    [`POST ${AGENT}/fsfreeze-status`, {}, { result: 'thawed' }],
    [`POST ${AGENT}/fsfreeze-freeze`, {}, { result: expect.any(Number) }],
    [`POST ${AGENT}/fsfreeze-status`, {}, { result: 'frozen' }],
    [`POST ${AGENT}/exec`, { command: ['true'] }, FROZEN],
    [`POST ${AGENT}/ping`, {}, { result: {} }],
    [`POST ${AGENT}/fsfreeze-thaw`, {}, { result: expect.any(Number) }],
    [`POST ${AGENT}/fstrim`, {}, { result: { paths: holding({ trimmed: 0 }) } }],
  ],
  'a guest puts itself to sleep, and is woken': [
    [`POST ${AGENT}/suspend-ram`, {}, { result: null }],
    [`GET ${VM}/status/current`, undefined, having({ status: 'running', qmpstatus: 'suspended' }), 2],
    [`POST ${AGENT}/ping`, {}, 'QEMU guest agent is not running'],
    [`POST ${VM}/status/resume`, {}, /^UPID:/],
    [`POST ${AGENT}/ping`, {}, { result: {} }, 5],
    [`POST ${AGENT}`, { command: 'suspend-hybrid' }, { result: null }],
    [`GET ${VM}/status/current`, undefined, having({ qmpstatus: 'suspended' }), 2],
  ],
  'a guest hibernates': [
    [`POST ${AGENT}/suspend-disk`, {}, { result: null }],
    [`GET ${VM}/status/current`, undefined, having({ status: 'stopped' }), 60],
  ],
  'a guest shuts itself down': [
    [`POST ${AGENT}/shutdown`, {}, { result: null }],
    [`GET ${VM}/status/current`, undefined, having({ status: 'running' })],
    [`GET ${VM}/status/current`, undefined, having({ status: 'stopped' }), 30],
  ],
  'a cloud-init drive is written at the start, or when it is asked for': [
    [`PUT ${VM}/cloudinit`, {}, 'no cloudinit drive configured'],
    [
      `PUT /nodes/pve-node02/qemu/104/config`,
      {
        ide2: 'local-zfs:cloudinit',
        ciuser: 'anna',
        ipconfig0: 'ip=10.0.0.7/24,gw=10.0.0.1',
        sshkeys: encodeURIComponent('ssh-ed25519 AAAA anna'),
      },
      null,
    ],
    [`POST /nodes/pve-node02/qemu/104/status/start`, {}, /^UPID:/],
    [
      `PUT /nodes/pve-node02/qemu/104/config`,
      { ciuser: 'ben', cipassword: 'secret-word', delete: 'ipconfig0' },
      null,
      30,
    ],
    [
      `GET /nodes/pve-node02/qemu/104/cloudinit`,
      undefined,
      expect.arrayContaining([
        { key: 'ciuser', value: 'anna', pending: 'ben' },
        { key: 'cipassword', pending: '**********' },
        { key: 'ipconfig0', value: 'ip=10.0.0.7/24,gw=10.0.0.1', delete: 1 },
      ]),
    ],
    [
      `GET /nodes/pve-node02/qemu/104/cloudinit/dump?type=user`,
      undefined,
      /^#cloud-config\nhostname: build-agent\n[^]*user: ben\n[^]*ssh_authorized_keys:\n {2}- ssh-ed25519 AAAA anna\n/,
    ],
    [`PUT /nodes/pve-node02/qemu/104/cloudinit`, {}, null],
    [`GET /nodes/pve-node02/qemu/104/cloudinit`, undefined, holding({ key: 'ciuser', value: 'ben' })],
    [`PUT /nodes/pve-node02/qemu/104/config`, { ipconfig0: 'ip=10.0.0.9/25,gw=10.0.0.1' }, null],
    [
      `GET /nodes/pve-node02/qemu/104/cloudinit/dump?type=network`,
      undefined,
      /address: '10\.0\.0\.9'\n {8}netmask: '255\.255\.255\.128'/,
    ],
    [`GET /nodes/pve-node02/qemu/104/cloudinit/dump?type=meta`, undefined, /^instance-id: [0-9a-f]{40}/],
  ],
};

describe('inside a guest:', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, expected, afterS = 0] of steps) {
      await lab.sandbox.clock.advance(afterS * 1000);
      const outcome = await lab.call(line, params);
      if (expected instanceof RegExp) expect(outcome).toMatch(expected);
      else expect([line, outcome]).toEqual([line, expected]);
    }
  });
});
