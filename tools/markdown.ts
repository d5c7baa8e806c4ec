/** What a markdown text points at. `target` of a link is as written; `offset` is where it stands. */
export interface Pointer {
  kind: 'link' | 'path' | 'script';
  target: string;
  offset: number;
}

/**
 * The links of a markdown text, and what it names in code: paths below a folder of this project (`packages/pve/…`) and
 * `npm run` scripts. Links inside code are text, not links; files that a code block names after its language are those
 * that the reader is to make.
 */
export function pointersOf(text: string, topFolders: readonly string[]): Pointer[] {
  const prose = blank(text, /^(```|~~~)[\s\S]*?^\1/gm);
  const withoutCode = blank(prose, /`[^`\n]*`/g);
  const named = new RegExp(
    `(?<![\\w./@-])(?:${topFolders.map((folder) => folder.replaceAll('.', '\\.')).join('|')})/[\\w./@-]*[\\w/]`,
    'g',
  );
  const made = [...text.matchAll(/^```\w+ (\S+)$/gm)].map(([, path = '']) => path);
  const isMade = (path: string): boolean => made.some((one) => one === path || one.startsWith(`${path}/`));
  return [
    ...matches(withoutCode, /!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g, 'link', 1),
    ...matches(withoutCode, /^\[[^\]]+\]:\s*(\S+)/gm, 'link', 1),
    ...matches(text, named, 'path', 0).filter(({ target }) => !isMade(target)),
    ...matches(text, /\bnpm (?:run )?((?<=run )[\w:-]+|start|test)\b/g, 'script', 1),
  ];
}

/** The anchors of a markdown text's headings, as GitHub makes them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const prose = blank(text, /^(```|~~~)[\s\S]*?^\1/gm);
  for (const [, heading = ''] of prose.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of prose.matchAll(/<a (?:name|id)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

function matches(text: string, pattern: RegExp, kind: Pointer['kind'], group: number): Pointer[] {
  return Array.from(text.matchAll(pattern), (match) => ({ kind, target: match[group] ?? '', offset: match.index }));
}

/** Keeps offsets: what matches becomes blanks, line ends stay. */
function blank(text: string, pattern: RegExp): string {
  return text.replace(pattern, (match) => match.replace(/[^\n]/g, ' '));
}
