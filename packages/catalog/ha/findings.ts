import type { FindingRule } from '../kit/index.ts';

/** States in which the HA manager itself needs help, or is about to take a guest away from its node. */
const badStates: Readonly<Record<string, { says: string; next: (sid: string) => string }>> = {
  error: {
    says: 'is in error state',
    next: (sid) =>
      `Find the cause in the guest’s last task, then clear the error: \`ha-manager set ${sid} --state disabled\` and \`--state started\`.`,
  },
  fence: {
    says: 'waits for its node to be fenced',
    next: () => 'Check that the node is really off; `ha-manager status` on another node shows the fencing.',
  },
  recovery: {
    says: 'is being recovered on another node',
    next: () => 'Check that a node that may run it is online; `ha-manager status` shows where it goes.',
  },
};

export const haFindings: readonly FindingRule[] = [
  {
    code: 'ha.service_state',
    severity: 'critical',
    needs: ['sid', 'state', 'node', 'request_state', 'crm_state', 'report', 'lrm'],
    check: (value) => {
      const bad = badStates[String(value('state'))];
      if (bad === undefined) return undefined;
      const sid = String(value('sid'));
      const wanted = value('request_state') === null ? '' : `, wanted: ${String(value('request_state'))}`;
      const crm = value('crm_state') === null ? '' : `, manager: ${String(value('crm_state'))}`;
      const lrm = value('lrm') === null ? '' : ` Last word of its node: ${String(value('lrm'))}.`;
      return {
        text: `HA resource ${sid} on ${String(value('node'))} ${bad.says} (last transition: ${String(value('report'))}${wanted}${crm}).${lrm}`,
        next_step: bad.next(sid),
      };
    },
  },
  {
    code: 'ha.lrm_dead',
    severity: 'critical',
    needs: ['lrm', 'node', 'state'],
    check: (value) => {
      const lrm = String(value('lrm') ?? '');
      if (!/old timestamp|dead\?/.test(lrm)) return undefined;
      return {
        about: `node/${String(value('node'))}`,
        text: `The local resource manager of ${String(value('node'))} no longer reports: ${lrm}.`,
        next_step: `On ${String(value('node'))}: \`systemctl status pve-ha-lrm\`.`,
      };
    },
  },
];

export const managerFindings: readonly FindingRule[] = [
  {
    code: 'ha.no_quorum',
    severity: 'critical',
    needs: ['kind', 'quorate', 'report'],
    check: (value) =>
      value('kind') === 'quorum' && (value('quorate') === false || String(value('report')).startsWith('No quorum'))
        ? {
            text: 'The HA manager has no quorum: nothing is restarted or moved.',
            next_step: 'Bring nodes back; `pvecm status` on a node shows the votes.',
          }
        : undefined,
  },
  {
    code: 'ha.manager_silent',
    severity: 'critical',
    needs: ['kind', 'report', 'node'],
    check: (value) => {
      const report = String(value('report') ?? '');
      if (!/old timestamp|dead\?/.test(report)) return undefined;
      const service = value('kind') === 'master' ? 'pve-ha-crm' : 'pve-ha-lrm';
      return {
        text: `The HA ${value('kind') === 'master' ? 'master' : 'local resource manager'} on ${String(value('node'))} no longer reports: ${report}.`,
        next_step: `On ${String(value('node'))}: \`systemctl status ${service}\`.`,
      };
    },
  },
  {
    code: 'ha.disarmed',
    severity: 'warning',
    needs: ['kind', 'armed'],
    check: (value) =>
      value('kind') === 'fencing' && String(value('armed')).startsWith('disarm')
        ? {
            text: `HA fencing is ${String(value('armed'))}: a failed node is not fenced, its guests are not recovered.`,
            next_step: 'Arm it again when the maintenance is over.',
          }
        : undefined,
  },
];
