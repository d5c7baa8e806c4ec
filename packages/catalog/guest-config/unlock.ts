import { action, already, type Planned, refused } from '../kit/index.ts';

/** Not in the API for tokens: `lock` and `skiplock` are root@pam's alone (qemu-server and pve-container, update_vm). */
export const unlock = action({
  id: 'guest.unlock',
  verb: 'unlock',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    'unlock {on}',
    '(remove|clear|release|break|delete) lock (of|on|from) {on}',
    '(remove|clear|release) {on} lock',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const guest = await planning.guest(target);
    if (guest.lock === undefined) return already(`${guest.title} is not locked.`);
    if (guest.lock === 'suspended') {
      const wake = `start ${guest.vmid}`;
      const why = `${guest.title} sleeps on disk, which is what its lock tells; without it, what it had in memory is lost.`;
      return refused({ why, next: `Wake it: “${wake}”.`, say: wake });
    }
    const command = `${guest.type === 'qemu' ? 'qm' : 'pct'} unlock ${guest.vmid}`;
    const say = `tasks of ${guest.vmid}`;
    return refused({
      why: `${guest.title} is locked (${guest.lock}); Proxmox’s API takes no lock away but for root@pam itself, and never for a token.`,
      next: `See first whether the ${guest.lock} still runs (“${say}”). If it does not, run on ${guest.node}: ${command}`,
      say,
    });
  },
  examples: [
    { say: 'unlock build-agent', sends: 'answer' },
    { say: 'remove the lock of dev-sandbox', sends: 'answer' },
    { say: 'remove the lock from app-server-prod', sends: 'answer' },
  ],
});
