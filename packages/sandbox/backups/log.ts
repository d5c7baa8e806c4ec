import type { Call } from '../behaviour.ts';
import { nodeOf } from '../behaviours/common.ts';
import type { Task } from '../guests/work.ts';
import { archiveTime, duration, logTime } from '../worlds/times.ts';

/** The log of a vzdump task: every line says how much it matters; times are the node's. */
export class BackupLog {
  private readonly call: Call;
  private readonly task: Task;

  constructor(call: Call, task: Task) {
    this.call = call;
    this.task = task;
  }

  info(text: string): void {
    this.task.log(`INFO: ${text}`);
  }

  error(text: string): void {
    this.task.log(`ERROR: ${text}`);
  }

  /** Whole seconds since 1970. */
  now(): number {
    return Math.floor(this.call.clock.now() / 1000);
  }

  local(): string {
    return logTime(this.now() + nodeOf(this.call).tzOffset);
  }

  /** A moment as the names of archives carry it, in the node's time. */
  stamp(seconds: number): string {
    return archiveTime(seconds + nodeOf(this.call).tzOffset);
  }

  since(seconds: number): string {
    return duration(this.now() - seconds);
  }
}

/** PVE::VZDump::format_size. */
export function archiveSizeText(bytes: number): string {
  const kb = bytes / 1024;
  if (kb < 1024) return `${Math.floor(kb)}KB`;
  const mb = kb / 1024;
  return mb < 1024 ? `${Math.floor(mb)}MB` : `${(mb / 1024).toFixed(2)}GB`;
}

/** PVE::Format::render_duration. */
export function durationText(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const parts = [hours > 0 ? `${hours}h` : '', minutes > 0 ? `${minutes}m` : '', rest > 0 ? `${rest}s` : ''];
  return parts.filter((part) => part !== '').join(' ') || '0s';
}
