import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of this checkout, without a slash at its end. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Every file of the checkout that belongs to the project, as sorted paths relative to its top, with `/` between folders.
 * What .gitignore names by folder is left out. It walks the disk instead of asking git, which refuses checkouts that
 * another user owns.
 */
export function projectFiles(top: string = root): string[] {
  const skipped = new Set(['.git', ...ignoredFolders(top)]);
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(path);
      } else if (entry.isFile()) {
        found.push(path);
      }
    }
  };
  walk('');
  return found.sort();
}

/** The text of one of the project's files. */
export function textOf(path: string, top: string = root): string {
  return readFileSync(join(top, path), 'utf8');
}

function ignoredFolders(top: string): string[] {
  const lines = readFileSync(join(top, '.gitignore'), 'utf8').split('\n');
  return lines.filter((line) => /^[^#*!]+\/$/.test(line)).map((line) => line.slice(0, -1));
}
