import { commentLine } from '../hcl/quote.ts';
import { Raw, type Yaml } from './nodes.ts';
import { doubleQuoted, scalar } from './scalar.ts';

/** What reads the file. Ansible would take braces in text for a template, so such text is marked for it. */
export type Reader = 'plain' | 'ansible';

/** A document of YAML, without a mark at its beginning. */
export function printYaml(value: Yaml, reader: Reader): string {
  return `${new Printer(reader).lines(value, 0).join('\n')}\n`;
}

/** Values by their lines; those of a map or list stand under their name. */
class Printer {
  readonly #reader: Reader;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  lines(given: Yaml, depth: number): string[] {
    const value = given instanceof Raw ? given.value : given;
    const pad = '  '.repeat(depth);
    if (isList(value)) {
      if (value.length === 0) return [`${pad}[]`];
      return value.flatMap((item) => [...commentOf(item, pad), ...this.#item(item, depth)]);
    }
    if (value !== null && typeof value === 'object') {
      const entries = Object.entries(value).flatMap(([key, each]) =>
        each === undefined ? [] : [[key, each] as const],
      );
      if (entries.length === 0) return [`${pad}{}`];
      return entries.flatMap(([key, each]) => [...commentOf(each, pad), ...this.#entry(key, each, depth)]);
    }
    return this.#scalar(given, pad, '');
  }

  #entry(key: string, value: Yaml, depth: number): string[] {
    const pad = '  '.repeat(depth);
    const name = `${keyText(key)}:`;
    if (!isNested(value)) return this.#scalar(value, pad, `${name} `);
    return [`${pad}${name}`, ...this.lines(value, depth + 1)];
  }

  /** The mark of a list stands in the indentation of what it holds. */
  #item(value: Yaml, depth: number): string[] {
    const pad = '  '.repeat(depth);
    if (!isNested(value)) return this.#scalar(value, pad, '- ');
    const flow = this.#flow(value);
    if (flow !== undefined) return [`${pad}- ${flow}`];
    const lines = this.lines(value, depth + 1);
    const at = lines.findIndex((line) => !line.trimStart().startsWith('#'));
    return lines.map((line, index) => (index === at ? `${pad}- ${line.slice(pad.length + 2)}` : line));
  }

  /** A list in a list, where all of it is short: `[systemctl, enable, nginx]`. */
  #flow(value: Yaml): string | undefined {
    if (!isList(value)) return undefined;
    const items = value.map((item) => (typeof item === 'string' ? scalar(item) : undefined));
    const lines = items.flatMap((item) => (item !== undefined && 'line' in item ? [item.line] : []));
    const isUnread = this.#reader === 'ansible' && lines.some((line) => line.includes('{'));
    return lines.length === value.length && !isUnread ? `[${lines.join(', ')}]` : undefined;
  }

  #scalar(given: Yaml, pad: string, before: string): string[] {
    const value = given instanceof Raw ? given.value : given;
    if (typeof value !== 'string')
      return [`${pad}${before}${isList(value) ? '[]' : isMap(value) ? '{}' : String(value)}`];
    const isTemplate = given instanceof Raw && given.isTemplate;
    const tag = this.#reader === 'ansible' && !isTemplate && /\{[{%#]/.test(value) ? '!unsafe ' : '';
    const printed = isTemplate ? { line: doubleQuoted(value) } : scalar(value);
    if ('line' in printed) return [`${pad}${before}${tag}${printed.line}`];
    const inner = `${pad}  `;
    return [`${pad}${before}${tag}|`, ...printed.block.map((line) => (line === '' ? '' : `${inner}${line}`))];
  }
}

function keyText(key: string): string {
  const printed = scalar(key);
  return 'line' in printed ? printed.line : doubleQuoted(key);
}

const isList = (value: unknown): value is readonly Yaml[] => Array.isArray(value);
const isMap = (value: unknown): value is Readonly<Record<string, Yaml>> => typeof value === 'object' && value !== null;

function isNested(given: Yaml): boolean {
  const value = given instanceof Raw ? given.value : given;
  if (isList(value)) return value.length > 0;
  return isMap(value) && Object.values(value).some((each) => each !== undefined);
}

function commentOf(value: Yaml, pad: string): string[] {
  return value instanceof Raw && value.comment !== undefined ? [`${pad}# ${commentLine(value.comment)}`] : [];
}
