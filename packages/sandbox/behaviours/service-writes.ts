import type { Behaviours, Call, Handler } from '../behaviour.ts';
import { died, startTask } from '../guests/work.ts';
import type { Row } from '../state/model.ts';
import { nodeOf, textParam } from './common.ts';

/** What the node cannot be managed without; only restarted. */
const ESSENTIAL = new Set(['pveproxy', 'pvedaemon', 'pve-cluster']);
const RUNNING = { state: 'running', 'active-state': 'active' };
const STOPPED = { state: 'dead', 'active-state': 'inactive' };
const SYSTEMCTL_MS = 1500;

type Verb = 'start' | 'stop' | 'restart' | 'reload';

/** A node's daemons: PVE::API2::Services. */
export const serviceWrites: Behaviours = {
  'POST /nodes/{node}/services/{service}/start': changing('start'),
  'POST /nodes/{node}/services/{service}/stop': changing('stop'),
  'POST /nodes/{node}/services/{service}/restart': changing('restart'),
  'POST /nodes/{node}/services/{service}/reload': changing('reload'),
};

function changing(verb: Verb): Handler {
  return (call) => {
    const service = textParam(call, 'service') ?? '';
    return startTask(
      call,
      `srv${verb}`,
      async (task) => {
        if (verb === 'stop' && ESSENTIAL.has(service)) {
          throw died(`invalid service cmd '${service} ${verb}': refusing to stop essential service!`);
        }
        await task.wait(SYSTEMCTL_MS);
        const row = rowOf(call, service);
        if (!row) {
          task.log(`Failed to ${verb} ${service}.service: Unit ${service}.service not found.`);
          throw died(`command 'systemctl ${verb} ${service}' failed: exit code 5`);
        }
        if (verb === 'reload' && row['state'] !== 'running') {
          task.log(`${service}.service is not active, cannot reload.`);
          throw died(`command 'systemctl ${verb} ${service}' failed: exit code 1`);
        }
        if (verb !== 'reload') setState(call, row, verb === 'stop' ? STOPPED : RUNNING);
      },
      service,
    );
  };
}

function rowOf(call: Call, service: string): Row | undefined {
  return nodeOf(call).services.find((row) => row['service'] === service);
}

function setState(call: Call, row: Row, state: Row): void {
  const node = nodeOf(call);
  node.services = node.services.map((one) => (one === row ? { ...one, ...state } : one));
}
