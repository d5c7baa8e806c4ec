import { asFlag } from '../access-change.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { queueMove, wakeCrm } from '../ha/crm.ts';
import { resourceOf, serviceOf, showService } from '../ha/service.ts';
import { died } from '../guests/work.ts';
import type { HaState, Row } from '../state/model.ts';
import { textParam } from './common.ts';
import { assertDigest, sentSettings, withPrefix, withoutDeleted, type Kind } from './config-change.ts';

const SETTINGS: Record<string, Kind> = {
  state: 'text',
  group: 'text',
  comment: 'text',
  max_restart: 'number',
  max_relocate: 'number',
  failback: 'flag',
};

/** What HA is to look after: PVE::API2::HA::Resources. */
export const haResourceWrites: Behaviours = {
  'POST /cluster/ha/resources': (call) => {
    const { sid, type } = parseSid(call);
    const sentType = textParam(call, 'type');
    if (sentType !== undefined && sentType !== type) throw died('types does not match');
    mustExist(call, sid, type);
    checkGroup(call);
    const { ha } = call.state;
    return withPrefix('create resource failed', () => {
      if (resourceOf(call.state, sid)) throw died(`resource ID '${sid}' already defined`);
      ha.resources = [...ha.resources, { sid, type, ...sentSettings(call, SETTINGS) }];
      wakeCrm(call);
      return null;
    });
  },

  'PUT /cluster/ha/resources/{sid}': (call) => {
    const { sid } = parseSid(call);
    checkGroup(call);
    checkServiceState(call, sid, textParam(call, 'state'));
    const { ha } = call.state;
    return withPrefix('update resource failed', () => {
      assertDigest(call, ha.resources);
      const before = resourceOf(call.state, sid);
      if (!before) throw died(`no such resource '${sid}'`);
      const after = withoutDeleted(call, { ...before, ...sentSettings(call, SETTINGS) }, SETTINGS);
      ha.resources = ha.resources.map((row) => (row === before ? after : row));
      if (serviceOf(call.state, sid)) showService(call.state, sid);
      wakeCrm(call);
      return null;
    });
  },

  'DELETE /cluster/ha/resources/{sid}': (call) => {
    const { sid } = parseSid(call);
    const { ha } = call.state;
    if (!resourceOf(call.state, sid)) throw died(`cannot delete service '${sid}', not HA managed!`);
    ha.resources = ha.resources.filter((row) => row['sid'] !== sid);
    if (asFlag(call.params['purge']) !== 0) ha.rules = withoutResource(ha, sid);
    if (serviceOf(call.state, sid)) showService(call.state, sid);
    wakeCrm(call);
    return null;
  },

  'POST /cluster/ha/resources/{sid}/migrate': (call) => move(call, 'migrate'),
  'POST /cluster/ha/resources/{sid}/relocate': (call) => move(call, 'relocate'),
};

/** PVE::HA::Config::parse_sid: a number is short for the guest of that id. */
function parseSid(call: Call): { sid: string; type: string } {
  const sent = textParam(call, 'sid') ?? '';
  const [type = '', name] = sent.split(':');
  if (name !== undefined) return { sid: sent, type };
  const guest = call.state.guests.get(Number(sent));
  if (!guest) throw died(`unable do add resource - VM/CT ${sent} does not exist`);
  const kind = guest.type === 'qemu' ? 'vm' : 'ct';
  return { sid: `${kind}:${sent}`, type: kind };
}

/** The resource types' verify_name and exists. */
function mustExist({ state }: Call, sid: string, type: string): void {
  if (type !== 'vm' && type !== 'ct') throw died(`unknown type '${type}'`);
  const name = sid.slice(type.length + 1);
  if (!/^[1-9][0-9]+$/.test(name)) throw died('invalid VMID');
  if (!state.guests.has(Number(name))) throw died(`resource '${sid}' does not exists in cluster`);
}

/** 9.x has rules in the place of groups; 8.x knows the groups that there are. */
function checkGroup(call: Call): void {
  const group = textParam(call, 'group');
  if (group === undefined || group === '') return;
  if (call.version.major >= 9) throw died("invalid parameter 'group': ha groups have been migrated to rules");
  const isKnown = call.state.ha.groups?.some((row) => row['group'] === group);
  if (!isKnown) throw died(`HA group '${group}' does not exist`);
}

/** Out of the error state there is one way. */
function checkServiceState(call: Call, sid: string, wanted: string | undefined): void {
  if (serviceOf(call.state, sid)?.['crm_state'] !== 'error' || wanted === 'disabled') return;
  throw died(`service '${sid}' in error state, must be disabled and fixed first`);
}

/** Rules without the resource; one that has nothing left goes too. */
function withoutResource({ rules }: HaState, sid: string): Row[] | null {
  if (!rules) return null;
  return rules.flatMap((rule): Row[] => {
    const members = String(rule['resources']).split(',');
    if (!members.includes(sid)) return [rule];
    const left = members.filter((one) => one !== sid);
    return left.length === 0 ? [] : [{ ...rule, resources: left.join(',') }];
  });
}

/** The manager is told; 9.x says what comes along, or what on the target forbids it (get_resource_motion_info). */
function move(call: Call, kind: 'migrate' | 'relocate'): Row | null {
  const { sid } = parseSid(call);
  const node = textParam(call, 'node') ?? '';
  const resource = resourceOf(call.state, sid);
  if (!resource || resource['state'] === 'ignored') throw new PveError(500, `resource '${sid}' is not HA managed\n`);
  checkServiceState(call, sid, undefined);
  const { along, blocking } = queueMove(call, sid, { kind, node });
  if (call.version.major < 9) return null;
  return {
    sid,
    'requested-node': node,
    ...(along.length === 0 ? {} : { 'comigrated-resources': along }),
    ...(blocking.length === 0
      ? {}
      : { 'blocking-resources': blocking.map((other) => ({ sid: other, cause: 'resource-affinity' })) }),
  };
}
