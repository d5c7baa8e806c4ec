import type { FindingRule } from '../kit/index.ts';

const soon = 14 * 86_400;

function endsSoon(
  what: string,
  end: unknown,
  now: number,
  next: string,
): { text: string; next_step: string } | undefined {
  if (typeof end !== 'number' || end - now > soon) return undefined;
  const days = Math.floor(Math.abs(end - now) / 86_400);
  return {
    text: end < now ? `${what} expired ${days} days ago.` : `${what} expires in ${days} days.`,
    next_step: next,
  };
}

export const userFindings: readonly FindingRule[] = [
  {
    code: 'access.user_expiring',
    severity: 'info',
    needs: ['userid', 'expire', 'enabled'],
    check: (value, _thresholds, _row, now) =>
      value('enabled') === true
        ? endsSoon(
            `User ${String(value('userid'))}`,
            value('expire'),
            now,
            'Set another end date, or none, if the user is still needed.',
          )
        : undefined,
  },
  {
    code: 'access.no_second_factor',
    severity: 'info',
    when: 'focused',
    needs: ['userid', 'tfa', 'enabled'],
    check: (value) =>
      value('enabled') === true && value('tfa') === false
        ? {
            text: `User ${String(value('userid'))} logs in without a second factor.`,
            next_step: 'Add one under Datacenter, Permissions, Two Factor.',
          }
        : undefined,
  },
];

export const tokenFindings: readonly FindingRule[] = [
  {
    code: 'access.token_expiring',
    severity: 'info',
    needs: ['token', 'expire'],
    check: (value, _thresholds, _row, now) =>
      endsSoon(
        `Token ${String(value('token'))}`,
        value('expire'),
        now,
        'Set another end date, or make a new token for what uses it.',
      ),
  },
  {
    code: 'access.token_full_root',
    severity: 'info',
    needs: ['token', 'owner', 'privsep'],
    check: (value) =>
      value('owner') === 'root@pam' && value('privsep') === false
        ? {
            text: `Token ${String(value('token'))} holds all privileges of root@pam.`,
            next_step: 'Give it privilege separation and only the roles that it needs.',
          }
        : undefined,
  },
];
