import { type Refusal, wrongValues } from '../kit/index.ts';

/** That a schedule is a calendar event: `02:30`, `sun 03:00`, `mon..fri 22:30`. */
export function scheduleRefusals(schedule: string | undefined, input = 'schedule'): Refusal[] {
  const wrong = wrongValues('POST /cluster/backup', { schedule }, { schedule: input });
  const next = 'Say daily, weekly, monthly, or when: 02:30, sun 03:00, *-1 02:00.';
  return wrong.map((each) => ({ ...each, why: `“${schedule ?? ''}” is no schedule.`, next }));
}
