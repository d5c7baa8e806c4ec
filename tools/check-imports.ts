import { matchesGlob, posix } from 'node:path';
import { outsideFolders, packageRules, reservedDoors, reservedModules, testSupport } from './import-rules.ts';
import { projectFiles, textOf } from './repository.ts';
import { importsOf, type Import } from './source-imports.ts';
import { lineAt, report, type Violation } from './violation.ts';

/** Holds one source file against the table of import-rules.ts. */
export function checkImports(path: string, source: string): Violation[] {
  return importsOf(source, path).flatMap((one) => {
    const says = judge(path, one);
    return says === undefined ? [] : [{ path, line: lineAt(source, one.offset), says }];
  });
}

function judge(path: string, one: Import): string | undefined {
  if (one.specifier === '') return isOutside(path) ? undefined : 'a computed import cannot be held against the table';
  if (one.specifier.startsWith('.')) return judgeRelative(path, one.specifier);
  if (one.specifier.startsWith('@pxa/')) return judgeDoor(path, one);
  return one.typeOnly ? undefined : judgeModule(path, one.specifier);
}

/** A path must stay in its package: other packages are entered by their doors. What looks from outside may look inside. */
function judgeRelative(path: string, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  const home = homeOf(path);
  if (isTestSupport(target) && !isTest(path) && !isOutside(path)) return `${specifier} is for tests alone`;
  const there = homeOf(target);
  if (there === home) return undefined;
  const door = `@pxa/${target.slice('packages/'.length).replace(/\.ts$/, '')}`;
  if (reservedDoors[door] !== undefined) return `${door} is for ${reservedDoors[door].join(', ')} alone`;
  return home === undefined || isOutside(path)
    ? undefined
    : `${specifier} leaves ${home}: import other packages by their name`;
}

function judgeDoor(path: string, { specifier, typeOnly }: Import): string | undefined {
  const home = homeOf(path);
  const reserved = reservedDoors[specifier];
  if (reserved !== undefined)
    return home !== undefined && reserved.includes(home)
      ? undefined
      : `${specifier} is for ${reserved.join(', ')} alone`;
  if (home === undefined || isOutside(path)) return undefined;
  const self = `@pxa/${posix.basename(home)}`;
  if (specifier === self || specifier.startsWith(`${self}/`)) return `${home} imports itself: use a relative path`;
  const rule = packageRules[home] ?? { may: [] };
  if (isTest(path) || opens(rule.may, specifier) || (typeOnly && opens(rule.types ?? [], specifier))) return undefined;
  const only = opens(rule.types ?? [], specifier) ? ' (only its types: import type)' : '';
  return `${home} may not import ${specifier}${only}`;
}

function judgeModule(path: string, specifier: string): string | undefined {
  const home = homeOf(path);
  if (home === undefined || isOutside(path) || isTest(path)) return undefined;
  const allowed = reservedModules[specifier] ?? reservedModules[`node:${specifier}`];
  if (allowed === undefined || allowed.includes(home)) return undefined;
  return `${home} may not import ${specifier}: ${allowed.length > 0 ? `only ${allowed.join(', ')}` : 'nobody'} may`;
}

function opens(doors: readonly string[], specifier: string): boolean {
  return doors.some((door) => (door.endsWith('/*') ? specifier.startsWith(door.slice(0, -1)) : door === specifier));
}

/** `packages/pve/facts/index.ts` is at home in `packages/pve`, `tools/x.ts` in `tools`, files at the top nowhere. */
function homeOf(path: string): string | undefined {
  const [first, second, third] = path.split('/');
  if ((first === 'packages' || first === 'apps') && third !== undefined) return `${first}/${second}`;
  return second === undefined ? undefined : first;
}

function isOutside(path: string): boolean {
  return outsideFolders.some((folder) => path.startsWith(`${folder}/`));
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || isTestSupport(path);
}

function isTestSupport(path: string): boolean {
  return testSupport.some((pattern) => matchesGlob(path, pattern));
}

if (import.meta.main) {
  const sources = projectFiles().filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.endsWith('.gen.ts'));
  report(sources.flatMap((path) => checkImports(path, textOf(path))));
}
