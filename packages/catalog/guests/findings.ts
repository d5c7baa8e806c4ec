import { baseText, type FindingRule } from '../kit/index.ts';

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** What a guest's own row tells that its keeper should know. */
export const findings: readonly FindingRule[] = [
  {
    code: 'guest.memory_high',
    when: 'focused',
    severity: 'warning',
    needs: ['mem_share', 'name'],
    check: (value, { memory }) => {
      const used = value('mem_share');
      if (typeof used !== 'number' || used < memory) return undefined;
      return {
        text: `${String(value('name'))} uses ${percent(used)} of its memory.`,
        next_step: 'Give it more memory, or look for what holds it.',
      };
    },
  },
  {
    code: 'guest.cpu_high',
    when: 'focused',
    severity: 'warning',
    needs: ['cpu', 'name'],
    check: (value, { cpu }) => {
      const used = value('cpu');
      if (typeof used !== 'number' || used < cpu) return undefined;
      return {
        text: `${String(value('name'))} uses ${percent(used)} of its CPUs.`,
        next_step: 'See whether it stays so: ask for its CPU over the last day.',
      };
    },
  },
  {
    code: 'guest.disk_full',
    when: 'focused',
    severity: 'warning',
    needs: ['disk_share', 'name'],
    check: (value, { storage }) => {
      const used = value('disk_share');
      if (typeof used !== 'number' || used < storage) return undefined;
      return {
        text: `${String(value('name'))}: its root disk is ${percent(used)} full.`,
        next_step: 'Free space in it, or grow its disk.',
      };
    },
  },
  {
    code: 'guest.down',
    severity: 'warning',
    needs: ['status', 'ha', 'name'],
    check: (value) =>
      value('status') === 'stopped' && value('ha') === 'started'
        ? {
            text: `${String(value('name'))} is stopped, though HA is to keep it running.`,
            next_step: `Ask “HA status” for what the manager says of it.`,
          }
        : undefined,
  },
  {
    code: 'guest.not_started',
    severity: 'info',
    when: 'focused',
    needs: ['onboot', 'name'],
    check: (value, _thresholds, row) =>
      value('onboot') === true && baseText(row, 'status') === 'stopped'
        ? {
            text: `${String(value('name'))} is stopped, though it starts with its node.`,
            next_step: `Start it, or take “start at boot” from it.`,
          }
        : undefined,
  },
  {
    code: 'guest.unreachable',
    severity: 'warning',
    needs: ['status', 'node'],
    check: (value) =>
      value('status') === 'unknown'
        ? {
            text: `The state is unknown: node ${String(value('node'))} does not answer.`,
            next_step: `Check ${String(value('node'))}.`,
          }
        : undefined,
  },
];
