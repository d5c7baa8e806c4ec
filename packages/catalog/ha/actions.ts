import { asNumber } from '@pxa/pve/values';
import { action, already, call, type GuestNow, piece, type PieceStep, type Planned, refused } from '../kit/index.ts';
import { sidOf, triesRefusals } from './ha-now.ts';

const onGuests = { dataset: 'guests' } as const;

function managedFact(guest: GuestNow, managed: boolean): NonNullable<PieceStep['expects']>[number] {
  const read = { path: `/nodes/${guest.node}/${guest.id}/status/current`, params: {} };
  return { about: `HA of ${guest.title}`, read, at: ['ha', 'managed'], is: managed ? 1 : 0 };
}

/** How often HA tries before it gives up, and moves a guest on: as far as it was said. */
function counts(of: { restart?: number; relocate?: number }): { max_restart?: number; max_relocate?: number } {
  return {
    ...(of.restart === undefined ? {} : { max_restart: of.restart }),
    ...(of.relocate === undefined ? {} : { max_relocate: of.relocate }),
  };
}

export const add = action({
  id: 'ha.add',
  verb: 'put under HA',
  risk: 'disruptive',
  on: onGuests,
  say: [
    '(put|place|bring) {on} (under|into|in|on) [control of] (ha|high availability) {*}',
    '(add|register) {on} (to|as) (ha|high availability|ha resource|ha resources|ha manager) {*}',
    '(enable|turn on|activate|set up|configure) (ha|high availability) (for|on|of) {on} {*}',
    'make {on} (highly available|ha|ha managed) {*}',
    'let ha manage {on} {*}',
    'protect {on} with (ha|high availability) {*}',
  ],
  input: {
    state: {
      kind: 'choice',
      say: ['(as|in state|with state|state) {}'],
      values: { started: 'started|running', stopped: 'stopped', ignored: 'ignored', disabled: 'disabled' },
    },
    restart: {
      kind: 'count',
      say: [
        '(with|and) [(max|maximum|at most|up to)] {} [max] (restarts|restart attempts|restart)',
        '(max restart|max restarts) {}',
      ],
    },
    relocate: {
      kind: 'count',
      say: [
        '(with|and) [(max|maximum|at most|up to)] {} [max] (relocations|relocation attempts|relocates)',
        '(max relocate|max relocations) {}',
      ],
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    if (guest.ha !== undefined) return already(`${guest.title} is managed by HA.`);
    if (guest.isTemplate)
      return refused({
        why: `${guest.title} is a template: HA manages no templates.`,
        next: 'Make a guest of it first.',
        input: 'on',
        reason: 'not_acceptable',
      });
    const strange = triesRefusals({ restart: input.restart, relocate: input.relocate });
    if (strange.length > 0) return refused(...strange);
    const wanted = (input.state ?? (guest.status === 'stopped' ? 'stopped' : 'started')) as
      'started' | 'stopped' | 'ignored' | 'disabled';
    const says = `Put ${guest.title} under HA, ${wanted}`;
    const step = call('POST', '/cluster/ha/resources', { sid: sidOf(guest), state: wanted, ...counts(input) }, says);
    const storages = await planning.list('/nodes/{node}/storage', { node: guest.node });
    const local = storages.ok
      ? storages.data.filter(({ data }) => asNumber(data['shared']) !== 1).map(({ data }) => String(data['storage']))
      : [];
    const liesLocal = Object.values(guest.config).some(
      (value) => typeof value === 'string' && local.includes(value.slice(0, Math.max(0, value.indexOf(':')))),
    );
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          limitSeconds: 60,
          expects: [managedFact(guest, true)],
          relies: [managedFact(guest, false)],
        },
      ],
      assumptions: input.state === undefined ? [`State ${wanted}: as it is now`] : [],
      warnings: [
        ...(liesLocal
          ? [`${guest.title} lies on storage of ${guest.node} alone: HA cannot start it elsewhere without replication.`]
          : []),
        'From then on, the HA manager keeps it in that state: a guest that is stopped by hand inside is started again.',
      ],
      changes: [{ about: guest.title, key: 'HA', before: null, after: wanted }],
      undo: { action: 'ha.remove', input: {} },
    });
  },
  examples: [
    { say: 'put docker-host-01 under HA', sends: ['POST /cluster/ha/resources sid=vm:103 state=started'] },
    { say: 'enable HA for dev-sandbox', sends: ['POST /cluster/ha/resources sid=ct:203 state=stopped'] },
    {
      say: 'put docker-host-01 under HA with 3 restarts and 2 relocations',
      sends: ['POST /cluster/ha/resources sid=vm:103 state=started max_restart=3 max_relocate=2'],
    },
    { say: 'add dc01-win2022 to HA', sends: 'answer' },
  ],
});

export const remove = action({
  id: 'ha.remove',
  verb: 'take out of HA',
  risk: 'disruptive',
  on: onGuests,
  say: [
    '(take|remove|delete|drop) {on} (from|out of|off) (ha|high availability|ha resources|ha manager)',
    '(disable|turn off|deactivate) (ha|high availability) (for|on|of) {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const guest = await planning.guest(target);
    if (guest.ha === undefined) return already(`${guest.title} is not managed by HA.`);
    const says = `Take ${guest.title} out of HA`;
    const step = call('DELETE', '/cluster/ha/resources/{sid}', { sid: sidOf(guest) }, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          limitSeconds: 60,
          relies: [managedFact(guest, true)],
          expects: [managedFact(guest, false)],
        },
      ],
      warnings: [`If ${guest.node} fails, ${guest.title} will not be started elsewhere any more.`],
      changes: [{ about: guest.title, key: 'HA', before: guest.ha, after: null }],
      undo: { action: 'ha.add', input: {} },
    });
  },
  examples: [
    { say: 'take nginx-proxy out of HA', sends: ['DELETE /cluster/ha/resources/ct:200'] },
    { say: 'disable HA for docker-host-01', sends: 'answer' },
    { say: 'remove dc01-win2022 from HA', sends: ['DELETE /cluster/ha/resources/vm:100'] },
  ],
});
