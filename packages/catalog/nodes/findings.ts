import type { FindingRule } from '../kit/index.ts';

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const gb = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`;

/** Proxmox keeps an offline node's last figures for five minutes: they are no news. */
const isGone = (value: (column: string) => unknown): boolean => value('status') !== 'online';

/** Share of swap above which a node is not merely parking what nobody uses. */
const swapHeavy = 0.5;

/** What a node's own row tells that its keeper should know. */
export const findings: readonly FindingRule[] = [
  {
    code: 'node.offline',
    severity: 'critical',
    needs: ['status', 'node'],
    check: (value) => {
      if (value('status') === 'online') return undefined;
      const node = String(value('node'));
      return {
        text: `${node} is ${String(value('status'))}: its guests are not reachable.`,
        next_step: `Check power and network of ${node}; on another node, \`pvecm status\` shows what the cluster sees.`,
      };
    },
  },
  {
    code: 'node.memory_high',
    severity: 'warning',
    needs: ['mem_share', 'mem_free', 'node', 'status'],
    check: (value, { memory }) => {
      const [used, free] = [value('mem_share'), value('mem_free')];
      if (isGone(value) || typeof used !== 'number' || typeof free !== 'number' || used < memory) return undefined;
      return {
        text: `${String(value('node'))} RAM at ${percent(used)} — ${gb(free)} free. Consider migrating workloads.`,
        next_step: `See which guests use most: "top 5 guests by memory on ${String(value('node'))}".`,
        ...(used >= 0.95 ? { severity: 'critical' as const } : {}),
      };
    },
  },
  {
    code: 'node.cpu_high',
    severity: 'warning',
    needs: ['cpu', 'node', 'status'],
    check: (value, { cpu }) => {
      const used = value('cpu');
      if (isGone(value) || typeof used !== 'number' || used < cpu) return undefined;
      return {
        text: `${String(value('node'))} CPU at ${percent(used)}.`,
        next_step: `See which guests use most: "busiest guests on ${String(value('node'))}".`,
      };
    },
  },
  {
    code: 'node.root_full',
    severity: 'warning',
    needs: ['disk_share', 'disk_free', 'node', 'status'],
    check: (value, { storage }) => {
      const [used, free] = [value('disk_share'), value('disk_free')];
      if (isGone(value) || typeof used !== 'number' || typeof free !== 'number' || used < storage) return undefined;
      return {
        text: `${String(value('node'))}: the root file system is ${percent(used)} full — ${gb(free)} free.`,
        next_step: `On ${String(value('node'))}, \`du -xhd1 /\` shows what fills it; old kernels go with \`apt autoremove\`.`,
      };
    },
  },
  {
    code: 'node.storage_full',
    severity: 'warning',
    needs: ['storage_share', 'storage', 'node', 'status'],
    check: (value, { storage }) => {
      const used = value('storage_share');
      if (isGone(value) || typeof used !== 'number' || used < storage) return undefined;
      return {
        text: `${String(value('node'))}: storage ${String(value('storage'))} is ${percent(used)} full.`,
        next_step: `See what fills it: "biggest volumes on ${String(value('storage'))}".`,
      };
    },
  },
  {
    code: 'node.swapping',
    severity: 'warning',
    needs: ['swap_share', 'swap', 'node'],
    check: (value) => {
      const [share, used] = [value('swap_share'), value('swap')];
      if (typeof share !== 'number' || typeof used !== 'number' || share < swapHeavy) return undefined;
      return {
        text: `${String(value('node'))} has ${gb(used)} in swap (${percent(share)}).`,
        next_step: `Free memory on ${String(value('node'))}: stop or move guests.`,
      };
    },
  },
  {
    code: 'node.reboot_needed',
    severity: 'info',
    needs: ['reboot_needed', 'newest_kernel', 'node'],
    check: (value) =>
      value('reboot_needed') === true
        ? {
            text: `${String(value('node'))} runs an older kernel than it has installed (${String(value('newest_kernel'))}).`,
            next_step: `Move its guests away and reboot ${String(value('node'))}.`,
          }
        : undefined,
  },
  {
    code: 'node.service_failed',
    severity: 'warning',
    needs: ['services_failed', 'node'],
    check: (value) => {
      const failed = value('services_failed');
      if (!Array.isArray(failed) || failed.length === 0) return undefined;
      return {
        text: `${String(value('node'))}: failed services: ${failed.join(', ')}.`,
        next_step: `On ${String(value('node'))}: \`systemctl status ${failed[0] ?? ''}\`.`,
      };
    },
  },
];
