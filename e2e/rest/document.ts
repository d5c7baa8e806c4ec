import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One heading of the API's document: what it says to send, and what comes back for it. */
export interface Section {
  readonly title: string;
  /** `POST /v1/vms`: the first that it shows; `GET /v1/vms?status=…` where it has an example with values. */
  readonly line: string;
  readonly body: unknown;
  readonly response: unknown;
}

const home = resolve(process.env['PXA_SHARED'] ?? join(import.meta.dirname, '../../../shared'), 'seeds');

/** The sections of the API's document that show a request; undefined where the document is not at hand. */
export function readSections(): Section[] | undefined {
  const name = existsSync(home) ? readdirSync(home).find((file) => file.startsWith('004')) : undefined;
  if (name === undefined) return undefined;
  const text = readFileSync(join(home, name), 'utf8');
  return text
    .split(/^#{3,4} /m)
    .slice(1)
    .flatMap(sectionOf);
}

function sectionOf(text: string): Section[] {
  const [title = ''] = text.split('\n', 1);
  const lines = [...text.matchAll(/^```http\n((?:GET|POST|PUT|DELETE) \S+)/gm)].map(([, line = '']) => line);
  const line = lines.find((each) => each.includes('?')) ?? lines[0];
  if (line === undefined) return [];
  return [{ title, line, body: json(text, 'Request Body'), response: json(text, 'Response') }];
}

/** The JSON block under a label in bold. */
function json(text: string, label: string): unknown {
  const [, block] = new RegExp(`^\\*\\*${label}:\\*\\*\\n\`\`\`json\\n([\\s\\S]*?)\\n\`\`\``, 'm').exec(text) ?? [];
  return block === undefined ? undefined : (JSON.parse(block) as unknown);
}
