import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './repository.ts';

/** A text as the formatter would leave it in the project's file `path`, so that what is written passes `npm run check`. */
export async function formatted(path: string, text: string): Promise<string> {
  const filepath = join(root, path);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}
