import { readFileSync } from 'node:fs';

/** What a process and its children hold in memory, as Linux tells it. */
export function memoryMiB(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  const [, resident = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(resident) / 1024 + children.reduce((sum, child) => sum + memoryMiB(Number(child)), 0);
}
