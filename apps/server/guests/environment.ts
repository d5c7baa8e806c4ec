import { z } from 'zod';

export const Environment = z.enum(['production', 'development', 'staging']);
export type Environment = z.infer<typeof Environment>;

/** The environment that a guest is tagged with: `production`, or `env-production`. */
export function environmentOf(tags: readonly string[]): Environment | null {
  for (const tag of tags) {
    const named = namedBy(tag);
    if (named !== undefined) return named;
  }
  return null;
}

/** Tags that say an environment: those that said another go, the others stay. */
export function tagsIn(environment: Environment, tags: readonly string[]): string[] {
  const kept = tags.filter((tag) => namedBy(tag) === undefined || namedBy(tag) === environment);
  return environmentOf(kept) === environment ? kept : [...kept, `env-${environment}`];
}

const namedBy = (tag: string): Environment | undefined => Environment.safeParse(tag.replace(/^env[-_]/, '')).data;
