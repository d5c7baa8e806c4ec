import { bytes, type ColumnDef, computed, count, extracted, flag, fraction, text } from '../kit/index.ts';
import { asNumber, asText } from '@pxa/pve/values';

const status = { from: 'status' };

/** The columns that only a node itself tells: one call a node and source, made where the question asks for them. */
export const detailColumns: Record<string, ColumnDef> = {
  cpu_model: text('CPU MODEL', 'cpuinfo/model', {
    ...status,
    words: 'cpu model|processor model|cpu type|processor type|processor|cpu name',
  }),
  sockets: count('SOCKETS', 'cpuinfo/sockets', { ...status, words: 'socket|cpu socket' }),
  cores: count('CORES', 'cpuinfo/cores', { ...status, words: 'physical core|cores per socket' }),
  mhz: {
    ...count('MHZ', 'cpuinfo/mhz', { ...status, words: 'clock|mhz|cpu frequency|clock speed|cpu speed' }),
    unit: 'mhz',
  },
  load1: loadAverage('LOAD 1M', 0, 'load|load average|1 minute load'),
  load5: loadAverage('LOAD 5M', 1, '5 minute load'),
  load15: loadAverage('LOAD 15M', 2, '15 minute load'),
  iowait: fraction('IO WAIT', 'wait', { ...status, words: 'io wait|iowait|io delay' }),
  kernel: extracted(
    'KERNEL',
    'text',
    'text',
    'status',
    (data) => {
      const current = data['current-kernel'];
      if (isRecord(current) && typeof current['release'] === 'string') {
        return { value: current['release'], keys: ['current-kernel'] };
      }
      // Before 8.0 there was only the line of `uname`: `Linux 6.2.16-3-pve #1 SMP …`.
      const release = /^Linux (\S+)/.exec(String(data['kversion'] ?? ''))?.[1];
      return { value: release ?? null, keys: ['kversion'] };
    },
    { words: 'kernel|kernel version|kernel release|linux kernel|linux version' },
  ),
  version: extracted(
    'PVE VERSION',
    'text',
    'text',
    'status',
    (data) => {
      const version = String(data['pveversion'] ?? '').split('/')[1];
      return { value: version ?? null, keys: ['pveversion'] };
    },
    { words: 'pve version|proxmox version|version|proxmox ve version|software version|pve manager version|release' },
  ),
  boot_mode: text('BOOT MODE', 'boot-info/mode', {
    ...status,
    words: 'boot mode|firmware',
    values: { efi: 'uefi|efi', 'legacy-bios': 'legacy bios|legacy boot|bios boot' },
  }),
  secure_boot: flag('SECURE BOOT', 'boot-info/secureboot', { ...status, words: 'secure boot', absent: false }),
  swap: bytes('SWAP', 'swap/used', status),
  maxswap: bytes('SWAP SIZE', 'swap/total', status),
  swap_share: computed(
    'SWAP %',
    ['swap', 'maxswap'],
    { unit: 'fraction', formula: 'swap / maxswap' },
    (used: number, total: number) => (total > 0 ? used / total : null),
  ),
  swap_free: computed(
    'SWAP FREE',
    ['maxswap', 'swap'],
    { unit: 'bytes', formula: 'maxswap − swap' },
    (total: number, used: number) => total - used,
  ),
  ksm: bytes('KSM SHARED', 'ksm/shared', {
    ...status,
    words: 'ksm|ksm sharing|ksm shared memory|shared memory|kernel samepage merging',
  }),
  booted: {
    label: 'BOOTED',
    type: 'number',
    unit: 'time',
    from: ['base', 'time'],
    uses: ['uptime', 'clock'],
    words: 'boot time|booted|last boot|last reboot|boot|boot up',
    read: (_row, cell) => {
      const [up, clock] = [cell('uptime'), cell('clock')];
      if (typeof up.value !== 'number') return up;
      if (typeof clock.value !== 'number') return clock;
      return { value: clock.value - up.value, at: `time − uptime: ${clock.at}, ${up.at}` };
    },
  },
  description: text('NOTES', 'description', { from: 'config', absent: '', words: 'note|description|comment' }),
  clock: {
    ...count('CLOCK', 'time', {
      from: 'time',
      words: 'clock|current time|system time|what time is it|what is the time',
    }),
    unit: 'time',
  },
  timezone: text('TIME ZONE', 'timezone', { from: 'time', words: 'time zone|timezone' }),
  // Empty where there is none, so that "without a subscription" finds those nodes.
  subscription: extracted(
    'SUBSCRIPTION',
    'text',
    'text',
    'subscription',
    (data) => ({ value: data['status'] === 'notfound' ? '' : asText(data['status']), keys: ['status'] }),
    {
      words: 'subscription|subscription status|license|support subscription',
      values: { active: 'active subscription', expired: 'expired subscription', invalid: 'invalid subscription' },
    },
  ),
  subscription_due: text('SUBSCRIPTION ENDS', 'nextduedate', {
    from: 'subscription',
    words: 'subscription end|subscription due date',
  }),
  dns: extracted(
    'DNS SERVERS',
    'list',
    'text',
    'dns',
    (data) => {
      const keys = ['dns1', 'dns2', 'dns3'].filter((key) => typeof data[key] === 'string' && data[key] !== '');
      return { value: keys.map((key) => String(data[key])), keys };
    },
    { words: 'dns|dns server|nameserver|name server|resolver' },
  ),
  search_domain: text('SEARCH DOMAIN', 'search', { from: 'dns', words: 'search domain|dns domain|domain', absent: '' }),
  services_failed: services(
    'SERVICES DOWN',
    (service) => service['state'] === 'failed' || service['active-state'] === 'failed',
    'failed service|service down|dead service|broken service|stopped service',
  ),
  services: services(
    'SERVICES RUNNING',
    (service) => service['state'] === 'running',
    'service|running service|system service|daemon',
  ),
};

function loadAverage(label: string, index: 0 | 1 | 2, words: string): ColumnDef {
  return extracted(
    label,
    'number',
    'count',
    'status',
    (data) => {
      const loads = Array.isArray(data['loadavg']) ? (data['loadavg'] as unknown[]) : [];
      return { value: asNumber(loads[index]), keys: ['loadavg'] };
    },
    { words },
  );
}

function services(
  label: string,
  which: (service: Readonly<Record<string, unknown>>) => boolean,
  words: string,
): ColumnDef {
  return {
    label,
    type: 'list',
    unit: 'text',
    from: ['services'],
    uses: [],
    words,
    read: (row) => {
      const rec = row.recs['services'];
      if (rec === undefined || 'unknown' in rec)
        return { value: null, at: `unknown: ${rec?.unknown ?? 'services were not read'}` };
      const all = Array.isArray(rec.data['services']) ? (rec.data['services'] as unknown[]).filter(isRecord) : [];
      return { value: all.filter(which).map((service) => String(service['name'] ?? service['service'])), at: rec.at };
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
