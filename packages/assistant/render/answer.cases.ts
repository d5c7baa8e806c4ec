import type { Answer, CellValue, Column, Finding, Row, View } from '@pxa/contract';
import type { Style } from './style.ts';

/** An answer, what it is drawn for, and the text that must come out. */
export interface RenderCase {
  name: string;
  answer: Answer;
  style?: Partial<Style>;
  shown: string;
}

const GB = 1024 ** 3;
const common = { request: 'x', conversation_id: 'c', engine: 'builtin' as const, text: '', findings: [] };
const read = { method: 'GET' as const, path: '/api2/json/nodes/pve-node01/qemu', status: 200, ms: 38 };

function row(id: string, cells: Record<string, CellValue>, unknown: Record<string, string> = {}): Row {
  const keys = Object.keys(cells);
  const evidence = Object.fromEntries(keys.map((key) => [key, unknown[key] ?? `calls[0]#/data/0/${key}`]));
  return { id, cells, evidence };
}

function answer(view: View, findings: Finding[] = []): Answer {
  return { kind: 'answer', ...common, calls: [read], view, findings };
}

const guestColumns: Column[] = [
  { key: 'vmid', label: 'VMID', unit: 'count' },
  { key: 'name', label: 'NAME', unit: 'text' },
  { key: 'status', label: 'STATUS', unit: 'text' },
  { key: 'cpu_used', label: 'CPU USED', unit: 'vcpus' },
  { key: 'maxcpu', label: 'vCPUs', unit: 'vcpus' },
  { key: 'mem', label: 'MEM', unit: 'bytes' },
  { key: 'maxmem', label: 'MAXMEM', unit: 'bytes' },
  { key: 'maxdisk', label: 'DISK', unit: 'bytes' },
  { key: 'uptime', label: 'UPTIME', unit: 'seconds' },
];

const guest = (
  vmid: number,
  name: string,
  cpu: number,
  maxcpu: number,
  mem: number,
  maxmem: number,
  disk: number,
): Row =>
  row(`qemu/${vmid}`, {
    vmid,
    name,
    status: 'running',
    cpu_used: cpu,
    maxcpu,
    mem: mem * GB,
    maxmem: maxmem * GB,
    maxdisk: disk * GB,
    uptime: 14 * 86400 + 6 * 3600,
  });

const running: View = {
  dataset: 'guests',
  title: 'Running VMs on pve-node01',
  columns: guestColumns,
  rows: [
    guest(100, 'dc01-win2022', 2, 4, 4.1, 8, 32),
    guest(101, 'app-server-prod', 3, 8, 12.4, 16, 120),
    guest(105, 'monitoring-stack', 1, 2, 1.9, 4, 50),
  ],
  summary: '3 VMs running · 6/14 vCPUs in use',
};

const container = (vmid: number, name: string, status: string, mem: number | null, maxmem: number): Row =>
  row(
    `lxc/${vmid}`,
    { vmid, name, status, mem: mem === null ? null : mem * 1024 ** 2, maxmem: maxmem * 1024 ** 2 },
    mem === null ? { mem: 'unknown: dev-sandbox is stopped' } : {},
  );

const containers: View = {
  dataset: 'guests',
  title: 'Containers',
  columns: guestColumns.filter(({ key }) => ['vmid', 'name', 'status', 'mem', 'maxmem'].includes(key)),
  rows: [container(200, 'nginx-proxy', 'running', 512, 2048), container(203, 'dev-sandbox', 'stopped', null, 4096)],
};

const nodes: View = {
  dataset: 'nodes',
  title: 'Nodes',
  columns: [
    { key: 'node', label: 'NODE', unit: 'text' },
    { key: 'cpu', label: 'CPU', unit: 'fraction' },
    { key: 'maxcpu', label: 'CPUS', unit: 'count' },
    { key: 'mem', label: 'RAM', unit: 'bytes' },
    { key: 'maxmem', label: 'RAM TOTAL', unit: 'bytes' },
    { key: 'mem_share', label: 'FULL', unit: 'fraction' },
  ],
  rows: [
    row('node/pve-node03', {
      node: 'pve-node03',
      cpu: 0.71,
      maxcpu: 16,
      mem: 58.2 * GB,
      maxmem: 64 * GB,
      mem_share: 0.909,
    }),
  ],
};

const warning: Finding = {
  severity: 'warning',
  about: 'node/pve-node03',
  code: 'node.memory_high',
  text: 'pve-node03 RAM at 91% — 5.8 GB free.',
  next_step: 'Consider migrating workloads.',
  evidence: ['calls[0]#/data/2/mem'],
};
const critical: Finding = {
  severity: 'critical',
  about: 'zfs/pve-node03/rpool',
  code: 'zfs.degraded',
  text: 'pve-node03/rpool is DEGRADED.',
  evidence: [],
};

const value = (title: string, number: number | null, unit: string, of: string): View => ({
  dataset: 'guests',
  title,
  columns: [],
  rows: [],
  value: { number, unit, of },
});

const history: View = {
  dataset: 'node_history',
  title: 'CPU of pve-node01, last hours',
  columns: [
    { key: 'time', label: 'TIME', unit: 'time' },
    { key: 'cpu', label: 'CPU', unit: 'fraction' },
  ],
  rows: Array.from({ length: 8 }, (_, at) =>
    row(
      `sample/${at}`,
      { time: 1771804800 + at * 3600, cpu: at === 3 ? null : (at + 1) / 10 },
      { cpu: 'calls[0]#/data' },
    ),
  ),
};

export const cases: RenderCase[] = [
  {
    name: 'a list of guests',
    answer: answer(running, [warning, critical]),
    shown: `Running VMs on pve-node01:
VMID  NAME              STATUS   CPU         MEM    DISK  UPTIME
 100  dc01-win2022      running  2/4    4.1/8 GB   32 GB  14d 6h
 101  app-server-prod   running  3/8  12.4/16 GB  120 GB  14d 6h
 105  monitoring-stack  running  1/2    1.9/4 GB   50 GB  14d 6h

3 VMs running · 6/14 vCPUs in use

[CRITICAL] pve-node03/rpool is DEGRADED.
[WARNING] pve-node03 RAM at 91% — 5.8 GB free.
  → Consider migrating workloads.`,
  },
  {
    name: 'many findings of a kind',
    answer: answer({ ...running, rows: [], summary: '' }, [
      ...Array.from({ length: 6 }, (_, at): Finding => ({
        ...warning,
        text: `Finding ${at + 1}.`,
        next_step: 'Look.',
      })),
      critical,
    ]),
    shown: `Running VMs on pve-node01: none

[CRITICAL] pve-node03/rpool is DEGRADED.
[WARNING] Finding 1.
  → Look.
[WARNING] Finding 2.
  → Look.
[WARNING] Finding 3.
  → Look.
  … and 3 more like these: --json shows each`,
  },
  {
    name: 'a list that does not fit',
    answer: answer(running),
    style: { width: 46 },
    shown: `Running VMs on pve-node01:
VMID  NAME            STATUS   CPU         MEM
 100  dc01-win2022    running  2/4    4.1/8 GB
 101  app-server-pr…  running  3/8  12.4/16 GB
 105  monitoring-st…  running  1/2    1.9/4 GB
… 2 columns more: --json (DISK, UPTIME)

3 VMs running · 6/14 vCPUs in use`,
  },
  {
    name: 'small sizes share a unit, and what is not known says why',
    answer: answer(containers),
    shown: `Containers:
VMID  NAME         STATUS           MEM
 200  nginx-proxy  running  512/2048 MB
 203  dev-sandbox  stopped    –/4096 MB
– MEM of lxc/203: dev-sandbox is stopped`,
  },
  {
    name: 'nodes with bars',
    answer: answer(nodes),
    style: { width: 80, bars: true },
    shown: `Nodes:
NODE                       CPU                        RAM
pve-node03  █████▋░░ 71% (16c)  ███████▎ 58.2/64 GB (91%)`,
  },
  {
    name: 'one row with more columns than fit is a list',
    answer: answer({ ...running, rows: running.rows.slice(0, 1), columns: running.columns.slice(0, 6), summary: '' }),
    style: { width: 24 },
    shown: `Running VMs on pve-node01:
VMID    100
NAME    dc01-win2022
STATUS  running
CPU     2/4
MEM     4.1 GB`,
  },
  {
    name: 'no rows',
    answer: answer({ ...running, rows: [], summary: 'none' }),
    shown: 'Running VMs on pve-node01: none\nnone',
  },
  { name: 'how many', answer: answer(value('VMs running', 5, 'guests', 'count')), shown: 'VMs running: 5 guests' },
  { name: 'one', answer: answer(value('', 1, 'guests', 'count')), shown: '1 guest' },
  { name: 'a total', answer: answer(value('', 46 * GB, 'bytes', 'sum of maxmem')), shown: 'Total: 46 GB' },
  { name: 'an average', answer: answer(value('Average CPU', 0.235, 'fraction', 'avg')), shown: 'Average CPU: 24%' },
  { name: 'yes', answer: answer(value('Quorum', 1, 'yes_no', 'any')), shown: 'Yes — Quorum' },
  { name: 'no', answer: answer(value('VMs that are paused', 0, 'guests', 'any')), shown: 'No — VMs that are paused' },
  { name: 'not known', answer: answer(value('Peak CPU', null, 'fraction', 'max')), shown: 'Unknown: Peak CPU' },
  {
    name: 'a history',
    answer: answer(history),
    shown: `CPU of pve-node01, last hours:
CPU  ▁▂▃ ▅▆▇█  min 10%  avg 46%  max 80%
TIME                 CPU
2026-02-23 00:00:00  10%
2026-02-23 01:00:00  20%
2026-02-23 02:00:00  30%
2026-02-23 03:00:00    –
2026-02-23 04:00:00  50%
2026-02-23 05:00:00  60%
2026-02-23 06:00:00  70%
2026-02-23 07:00:00  80%`,
  },
  {
    name: 'where a figure was read',
    answer: answer({ ...nodes, columns: nodes.columns.slice(0, 2) }, [warning]),
    style: { explain: true },
    shown: `Nodes:
NODE        CPU
pve-node03  71%

[WARNING] pve-node03 RAM at 91% — 5.8 GB free.
  → Consider migrating workloads.
    read from calls[0]#/data/2/mem

Where this was read:
  [0] GET /api2/json/nodes/pve-node01/qemu — 200 OK (38ms)
  node/pve-node03
    NODE  pve-node03  ← [0] /data/0/node
    CPU   71%  ← [0] /data/0/cpu`,
  },
  {
    name: 'a name with escape sequences does nothing to the terminal',
    answer: answer({
      dataset: 'guests',
      title: 'VMs called \u001b[2J',
      columns: [{ key: 'name', label: 'NAME' }],
      rows: [row('qemu/1', { name: 'evil\u001b]0;owned\u0007\nname' })],
      summary: 'one\u0007',
    }),
    shown: `VMs called \\x1b[2J:
NAME
evil\\x1b]0;owned\\x07\\nname

one\\x07`,
  },
];
