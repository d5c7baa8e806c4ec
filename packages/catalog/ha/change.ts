import type { Change, Fact } from '@pxa/contract';
import type { ParamsOf } from '@pxa/pve/facts';
import { asFlag, asNumber, asText } from '@pxa/pve/values';
import {
  action,
  already,
  call,
  type GuestNow,
  needed,
  piece,
  type Planned,
  type Planning,
  refused,
  statusFact,
} from '../kit/index.ts';
import { hasRules, resourceFact, resourcesNow, sidOf, triesRefusals, unmanaged } from './ha-now.ts';

type Sent = Omit<ParamsOf<'PUT', '/cluster/ha/resources/{sid}'>, 'sid'>;

/** What HA does to a guest once a state is wanted of it (pve-ha-manager, ha-manager(1)). */
const does: Readonly<Record<string, string>> = {
  started: 'HA starts it, and starts it again wherever it can if it fails.',
  stopped: 'HA shuts it down, and moves it if its node fails.',
  disabled: 'HA shuts it down, and leaves it where it is if its node fails.',
  ignored: 'HA leaves it alone: nothing starts it elsewhere if its node fails.',
};

/** Out of the error state there is one way (PVE::API2::HA::Resources, check_service_state). */
async function inError(planning: Planning, guest: GuestNow): Promise<boolean> {
  const rows = needed(await planning.list('/cluster/ha/status/current', {}), 'The state of HA');
  return rows.some(({ data }) => data['sid'] === sidOf(guest) && data['crm_state'] === 'error');
}

interface Edit {
  readonly change: Omit<Change, 'about'>;
  readonly sent: Sent;
  readonly is: Fact;
  readonly was: Fact;
}

/** Proxmox's own values where a resource names none (PVE::HA::Resources). */
const usual: Readonly<Record<string, string>> = {
  state: 'started',
  max_restart: '1',
  max_relocate: '1',
  failback: '1',
};

function edit(
  guest: GuestNow,
  data: Readonly<Record<string, unknown>>,
  key: 'state' | 'max_restart' | 'max_relocate' | 'failback',
  value: string | number | boolean | undefined,
): Edit[] {
  const read = key === 'failback' ? String(Number(asFlag(data[key]) ?? true)) : asText(data[key]);
  const before = read ?? usual[key] ?? null;
  const after = typeof value === 'boolean' ? String(Number(value)) : String(value);
  if (value === undefined || before === after) return [];
  const is = key === 'state' ? resourceFact(guest, key, after) : resourceFact(guest, key, Number(after));
  const sent: Sent = { [key]: value };
  return [{ change: { key: `HA ${key}`, before, after }, sent, is, was: resourceFact(guest, key, asText(data[key])) }];
}

export const change = action({
  id: 'ha.change',
  verb: 'change HA of',
  risk: 'disruptive',
  on: { dataset: 'guests' },
  say: [
    '(set|change|switch) (ha|high availability) [settings|options] (of|for) {on} {+}',
    '(set|change|switch) (ha|high availability) state (of|for) {on} to {state}',
    '(set|change|switch) (requested state|wanted state|ha state) (of|for) {on} to {state}',
    '(set|change) [ha] (max restart|max_restart|max restarts|restart limit|maximum restarts) (of|for) {on} to {restart} [in ha]',
    '(set|change) [ha] (max relocate|max_relocate|max relocations|relocation limit|maximum relocations) (of|for) {on} to {relocate} [in ha]',
    '{failback} [ha] failback (of|for) {on}',
  ],
  input: {
    state: {
      kind: 'choice',
      say: ['[to] [state] {}'],
      values: {
        started: 'started|running|enabled',
        stopped: 'stopped',
        ignored: 'ignored|ignore',
        disabled: 'disabled',
      },
    },
    restart: {
      kind: 'count',
      say: ['[with|to] (max restart|max_restart|max restarts) [of|to] {}', '[with] {} (restarts|max restarts)'],
    },
    relocate: {
      kind: 'count',
      say: [
        '[with|to] (max relocate|max_relocate|max relocates|max relocations) [of|to] {}',
        '[with] {} (relocations|relocates)',
      ],
    },
    failback: {
      kind: 'choice',
      say: [],
      values: { on: 'enable|turn on|switch on|allow', off: 'disable|turn off|switch off|forbid' },
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const wrong = unmanaged([guest]);
    if (wrong.length > 0) return refused(...wrong);
    const { state, restart, relocate, failback } = input;
    const strange = triesRefusals({ restart, relocate });
    if (strange.length > 0) return refused(...strange);
    if (failback !== undefined && !(await hasRules(planning)))
      return refused({
        why: 'Before Proxmox VE 9.0, whether guests fail back is an option of their HA group.',
        next: 'Set “nofailback” of the group in Proxmox itself: Datacenter, HA, Groups.',
        input: 'failback',
        reason: 'not_acceptable',
      });
    if (state !== 'disabled' && (await inError(planning, guest))) {
      const say = `set the HA state of ${guest.vmid} to disabled`;
      return refused({
        why: `HA gave ${guest.title} up (state error).`,
        next: `Mend what failed, then “${say}”, then started again.`,
        say,
      });
    }
    const row = (await resourcesNow(planning)).find(({ data }) => data['sid'] === sidOf(guest));
    const data = row?.data ?? {};
    const edits = [
      ...edit(guest, data, 'state', state),
      ...edit(guest, data, 'max_restart', restart),
      ...edit(guest, data, 'max_relocate', relocate),
      ...edit(guest, data, 'failback', failback === undefined ? undefined : failback === 'on'),
    ];
    if (edits.length === 0)
      return already(`HA of ${guest.title} is so already (state ${asText(data['state']) ?? 'started'}).`);
    return changed(guest, edits, state);
  },
  examples: [
    { say: 'set the HA state of nginx-proxy to stopped', sends: ['PUT /cluster/ha/resources/ct:200 state=stopped'] },
    { say: 'set max restart of app-server-prod to 5', sends: ['PUT /cluster/ha/resources/vm:101 max_restart=5'] },
    { say: 'disable failback of dc01-win2022', sends: ['PUT /cluster/ha/resources/vm:100 failback=0'] },
    { say: 'set the HA state of nginx-proxy to started', sends: 'answer' },
    { say: 'set the HA state of build-agent to started', sends: 'clarification' },
  ],
});

/** What HA makes of the guest; it takes its own time for that. */
function becomes(guest: GuestNow, state: string | undefined): Fact[] {
  if (state === undefined || state === 'ignored') return [];
  return [statusFact(guest, 'status', state === 'started' ? 'running' : 'stopped')];
}

function changed(guest: GuestNow, edits: readonly Edit[], state: string | undefined): Planned {
  const says = `Change HA of ${guest.title}: ${edits.map(({ change: { key, after } }) => `${key.slice(3)} ${after ?? ''}`).join(', ')}`;
  const sent: Sent = Object.assign({}, ...edits.map((each) => each.sent)) as Sent; // Each edit has a key of its own.
  const stops = (state === 'stopped' || state === 'disabled') && guest.status !== 'stopped';
  const status = asNumber(guest.current['uptime']);
  return piece({
    says,
    risk: state === undefined ? 'change' : 'disruptive',
    steps: [
      {
        ...call('PUT', '/cluster/ha/resources/{sid}', { sid: sidOf(guest), ...sent }, says),
        node: guest.node,
        limitSeconds: 60,
        ...(state === undefined ? {} : { settleSeconds: 300 }),
        relies: edits.map(({ was }) => was),
        expects: [...edits.map(({ is }) => is), ...becomes(guest, state)],
      },
    ],
    warnings: [
      ...(state === undefined ? [] : [does[state] ?? '']),
      ...(stops
        ? [
            `${guest.title} is running${status === null ? '' : ` for ${Math.floor(status / 3_600)} h`}: it will be shut down.`,
          ]
        : []),
    ],
    changes: edits.map((each) => ({ about: guest.title, ...each.change })),
  });
}
