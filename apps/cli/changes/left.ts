import type { Job } from '@pxa/contract';
import { formatMoment, shortSays } from '@pxa/assistant/render';

const mostSays = 70;
const mostJobs = 5;

/** That a process left jobs before their end, and how to go on with them; undefined where none was left. */
export function leftNotice(left: readonly Job[], say: (command: string) => string): string | undefined {
  if (left.length === 0) return undefined;
  const more = left.length > mostJobs ? [`  … and ${left.length - mostJobs} more: ${say('jobs')}`] : [];
  return [
    left.length === 1 ? 'A job was left before its end:' : `${left.length} jobs were left before their end:`,
    ...left.slice(0, mostJobs).map(({ id, says, state, steps, created_at: at }) => {
      const done = steps.filter((step) => step.state === 'done').length;
      const stands = state === 'queued' ? 'not begun' : `${done} of ${steps.length} steps done`;
      return `  ${id}  ${shortSays(says, mostSays)} (${formatMoment(at)}; ${stands})`;
    }),
    ...more,
    `Nothing goes on by itself. To look what Proxmox has done and go on: ${say('job ID --follow')}; to stop it: ${say('job ID --cancel')}`,
  ].join('\n');
}
