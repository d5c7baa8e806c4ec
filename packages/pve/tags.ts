import { splitList } from './facts/perl.ts';
import { checkFormat } from './facts/formats/index.ts';
import { FormatError } from './facts/formats/refuse.ts';

/** The datacenter's tag style, as far as it touches what is stored; the defaults are alphabetical, and lower case. */
export interface TagStyle {
  ordering?: 'config' | 'alphabetical';
  'case-sensitive'?: 0 | 1 | '0' | '1';
}

/** The tags of a guest's `tags` value, which separates them by `;` (also by `,` and spaces). */
export function parseTags(value: string | undefined): string[] {
  return value === undefined ? [] : splitList(value).filter((tag) => tag !== '');
}

/** What is wrong with a list of tags in Proxmox's words, or undefined. */
export function tagProblem(value: string): string | undefined {
  try {
    checkFormat('pve-tag-list', value);
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

/** A list of tags as Proxmox keeps it: each once, in the style's case and order, joined by `;` (PVE::GuestHelpers). */
export function storedTags(value: string, style: TagStyle = {}): string {
  const keepCase = style['case-sensitive'] === 1 || style['case-sensitive'] === '1';
  const tags = [...new Set(parseTags(value).map((tag) => (keepCase ? tag : tag.toLowerCase())))];
  return (style.ordering === 'config' ? tags : tags.sort(byCodeUnit)).join(';');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
