import { matchesGlob } from 'node:path';
import { projectFiles, textOf } from './repository.ts';
import { lineAt, report, type Violation } from './violation.ts';
import { longFiles, maxLines, unread, wordRules, type WordRule } from './word-rules.ts';

/** Holds one file's text against the rules about words and length in word-rules.ts. */
export function checkWords(path: string, text: string): Violation[] {
  if (matchesOne(path, Object.keys(unread))) return [];
  return [...wordRules.flatMap((rule) => breaches(rule, path, text)), ...tooLong(path, text)];
}

function breaches(rule: WordRule, path: string, text: string): Violation[] {
  if (rule.in !== undefined && !matchesOne(path, rule.in)) return [];
  if (matchesOne(path, Object.keys(rule.except ?? {}))) return [];
  return Array.from(text.matchAll(rule.pattern), (match) => ({
    path,
    line: lineAt(text, match.index),
    says: `"${match[0].trim()}": ${rule.says}`,
  }));
}

function tooLong(path: string, text: string): Violation[] {
  if (!/\.(?:ts|tsx|go|py|sh)$/.test(path) || matchesOne(path, Object.keys(longFiles))) return [];
  const lines = text.split('\n').length - 1;
  return lines > maxLines ? [{ path, line: maxLines, says: `${lines} lines: does it hold one thing?` }] : [];
}

function matchesOne(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(path, pattern));
}

if (import.meta.main) report(projectFiles().flatMap((path) => checkWords(path, textOf(path))));
