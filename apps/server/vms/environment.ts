import { Environment } from './schemas.ts';

/** The environment that a guest is tagged with: `production`, or `env-production`. */
export function environmentOf(tags: readonly string[]): Environment | null {
  for (const tag of tags) {
    const named = Environment.safeParse(tag.replace(/^env[-_]/, ''));
    if (named.success) return named.data;
  }
  return null;
}
