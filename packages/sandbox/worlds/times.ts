/** Times that a made-up cluster is described in, seconds since 1970, all relative to its clock. UTC. */
export class Times {
  readonly now: number;
  constructor(nowMs: number) {
    this.now = Math.floor(nowMs / 1000);
  }

  ago({ days = 0, hours = 0, minutes = 0 }: { days?: number; hours?: number; minutes?: number }): number {
    return this.now - days * 86_400 - hours * 3600 - minutes * 60;
  }

  /** A time of day, so many days back: `at(2, '02:47:10')`. */
  at(daysBack: number, time: string): number {
    const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
    return Math.floor(this.now / 86_400) * 86_400 - daysBack * 86_400 + hours * 3600 + minutes * 60 + seconds;
  }

  /** How many days back the last such weekday was; 0 = Sunday. Today counts. */
  daysSince(weekday: number): number {
    return (new Date(this.now * 1000).getUTCDay() - weekday + 7) % 7;
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-02-23 01:14:32`, as vzdump's logs write it. */
export function logTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2026_02_23-01_00_00`, as the names of archives carry it. */
export function archiveTime(seconds: number): string {
  return logTime(seconds).replaceAll('-', '_').replace(' ', '-').replaceAll(':', '_');
}

/** `00:14:32`. */
export function duration(seconds: number): string {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
