import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { anchorsOf, pointersOf, type Pointer } from './markdown.ts';
import { projectFiles, root, textOf } from './repository.ts';
import { lineAt, report, type Violation } from './violation.ts';

/** What links can point at: the files, the folders they are in, and the npm scripts of the top package. */
export interface Targets {
  exists: (path: string) => boolean;
  read: (path: string) => string;
  scripts: ReadonlySet<string>;
  topFolders: readonly string[];
}

/** Dead links of one markdown file: relative files, anchors, paths named in the text, and npm scripts. */
export function checkLinks(path: string, text: string, targets: Targets): Violation[] {
  return pointersOf(text, targets.topFolders).flatMap((pointer) => {
    const says = judge(path, text, pointer, targets);
    return says === undefined ? [] : [{ path, line: lineAt(text, pointer.offset), says }];
  });
}

function judge(path: string, text: string, pointer: Pointer, targets: Targets): string | undefined {
  if (pointer.kind === 'script')
    return targets.scripts.has(pointer.target) ? undefined : `there is no script ${pointer.target} in package.json`;
  if (pointer.kind === 'path') return targets.exists(pointer.target) ? undefined : `${pointer.target} does not exist`;
  return judgeLink(path, text, pointer.target, targets);
}

function judgeLink(path: string, text: string, link: string, targets: Targets): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined;
  const [file = '', anchor] = decodeURI(link).split('#');
  const target = file === '' ? path : posix.join(posix.dirname(path), file);
  if (target.startsWith('..')) return `${link} leaves the project`;
  if (!targets.exists(target)) return `${link} does not exist`;
  if (anchor === undefined || !target.endsWith('.md')) return undefined;
  const there = file === '' ? text : targets.read(target);
  return anchorsOf(there).has(anchor) ? undefined : `${link}: no such heading`;
}

function projectTargets(): Targets {
  const files = projectFiles();
  // A package.json is what npm reads: a name that is no script fails when it is run.
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  return {
    exists: (path) => existsSync(join(root, path)),
    read: (path) => textOf(path),
    scripts: new Set(Object.keys(scripts)),
    topFolders: [
      ...new Set(files.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/')))),
    ],
  };
}

if (import.meta.main) {
  const targets = projectTargets();
  const documents = projectFiles().filter((path) => path.endsWith('.md'));
  report(documents.flatMap((path) => checkLinks(path, textOf(path), targets)));
}
