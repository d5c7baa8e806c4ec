import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('dumps', import.meta.url));

/** Where the dump of a schema is. */
export const dumpFile = (engine: 'sqlite' | 'postgres', schema: string): string => `${folder}/${engine}/${schema}.sql`;

/** The schemas of which there are dumps, oldest first. */
export function dumpedSchemas(engine: 'sqlite' | 'postgres'): string[] {
  return readdirSync(`${folder}/${engine}`)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
    .sort();
}
