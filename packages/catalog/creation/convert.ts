import {
  action,
  already,
  call,
  configFact,
  type GuestNow,
  locked,
  piece,
  type PieceStep,
  type Planned,
  type Refusal,
  refused,
  sameConfig,
  statusFact,
} from '../kit/index.ts';
import { snapshotNames } from '../guest-disks/in-snapshots.ts';

/** What keeps a guest from becoming a template (qemu-server Qemu.pm and pve-container LXC.pm, template). */
function inTheWay(guest: GuestNow, snapshots: readonly string[]): Refusal[] {
  const found = [...locked(guest)];
  const { title, vmid } = guest;
  if (guest.status !== 'stopped') {
    const say = `shut down ${vmid}`;
    found.push({ why: `${title} is running: a template never runs.`, next: `Shut it down first: “${say}”.`, say });
  }
  if (snapshots.length > 0) {
    const say = `delete snapshot ${snapshots[0] ?? ''} of ${vmid}`;
    const why = `${title} has snapshots (${snapshots.join(', ')}), and a template has none.`;
    found.push({ why, next: `Delete them first: “${say}”; or clone it, and convert the clone.`, say });
  }
  if (guest.ha !== undefined) {
    const say = `remove ${vmid} from HA`;
    found.push({
      why: `${title} is managed by HA, which would try to start it.`,
      next: `Take it out first: “${say}”.`,
      say,
    });
  }
  return found;
}

function stepOf(guest: GuestNow): PieceStep {
  const at = { node: guest.node, vmid: guest.vmid };
  const says = `Convert ${guest.title} to a template`;
  const step =
    guest.type === 'qemu'
      ? call('POST', '/nodes/{node}/qemu/{vmid}/template', at, says)
      : call('POST', '/nodes/{node}/lxc/{vmid}/template', at, says);
  return {
    ...step,
    node: guest.node,
    // A container's task is not told of: the call answers with nothing (BEHAVIOUR 7).
    tasks: guest.type === 'qemu' ? [{ type: 'qmtemplate', id: String(guest.vmid) }] : [],
    limitSeconds: 3_600,
    relies: [sameConfig(guest), statusFact(guest, 'status', 'stopped'), statusFact(guest, 'lock', guest.lock ?? null)],
    expects: [configFact(guest, 'template', 1)],
  };
}

export const convert = action({
  id: 'guest.to_template',
  verb: 'convert to a template',
  risk: 'disruptive',
  on: { dataset: 'guests', templates: true },
  say: [
    '(convert|turn|make|transform|change) {on} (to|into|in) [a|one] (template|templates)',
    '(make|create) [a] template (of|from|out of) {on}',
    '(make|mark) {on} [as] [a] (template|templates)',
    '(templatize|templatise|template) {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const guest = await planning.guest(target);
    if (guest.isTemplate) return already(`${guest.title} is a template already.`);
    const refusals = inTheWay(guest, await snapshotNames(planning, guest));
    if (refusals.length > 0) return refused(...refusals);
    const step = stepOf(guest);
    return piece({
      says: step.says,
      steps: [step],
      warnings: [
        `This cannot be taken back: ${guest.title} can never be started again, only cloned. “clone ${guest.vmid}” first keeps a guest of it.`,
      ],
      changes: [{ about: guest.title, key: 'template', before: 'no', after: 'yes' }],
      confirm: guest.name === '' ? String(guest.vmid) : guest.name,
    });
  },
  examples: [
    { say: 'convert build-agent to a template', sends: ['POST /nodes/pve-node02/qemu/104/template'] },
    { say: 'turn dev-sandbox into a template', sends: ['POST /nodes/pve-node02/lxc/203/template'] },
    { say: 'convert docker-host-01 to a template', sends: 'clarification' },
    { say: 'convert 9000 to a template', sends: 'answer' },
  ],
});
