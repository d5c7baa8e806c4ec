import type { Attribute, Block, Node, Value } from './nodes.ts';
import { commentLine, isPlain, quoted } from './quote.ts';

/** A file of HCL, laid out as `tofu fmt` does. */
export function printHcl(nodes: readonly Node[]): string {
  return `${printBody(nodes, 0).join('\n')}\n`;
}

const indent = (depth: number): string => '  '.repeat(depth);

function printBody(nodes: readonly Node[], depth: number): string[] {
  const lines: string[] = [];
  let group: Attribute[] = [];
  const flush = (): void => {
    lines.push(...printAttributes(group, depth));
    group = [];
  };
  nodes.forEach((node, at) => {
    if (node.node === 'attribute') {
      group.push(node);
      return;
    }
    flush();
    const before = nodes[at - 1];
    if (before !== undefined && before.node !== 'comment') lines.push('');
    lines.push(
      ...(node.node === 'comment' ? [`${indent(depth)}# ${commentLine(node.text)}`] : printBlock(node, depth)),
    );
    const after = nodes[at + 1];
    if (node.node === 'block' && after?.node === 'attribute') lines.push('');
  });
  flush();
  return lines;
}

/** One after the other, their signs under each other; one of several lines ends such a group, and only lines of text are in it. */
function printAttributes(group: readonly Attribute[], depth: number): string[] {
  const lines: string[] = [];
  let aligned: [name: string, value: string][] = [];
  const flush = (): void => {
    const width = Math.max(0, ...aligned.map(([name]) => name.length));
    lines.push(...aligned.map(([name, value]) => `${indent(depth)}${name.padEnd(width)} = ${value}`));
    aligned = [];
  };
  for (const { name, value } of group) {
    const printed = printValue(value, depth);
    const isHeredoc = printed.startsWith('<<');
    if (isHeredoc || !printed.includes('\n')) aligned.push([name, printed]);
    if (!printed.includes('\n')) continue;
    flush();
    if (!isHeredoc) lines.push(`${indent(depth)}${name} = ${printed}`);
  }
  flush();
  return lines;
}

function printBlock({ type, labels, body }: Block, depth: number): string[] {
  const head = [type, ...labels.map(quoted)].join(' ');
  if (body.length === 0) return [`${indent(depth)}${head} {}`];
  return [`${indent(depth)}${head} {`, ...printBody(body, depth + 1), `${indent(depth)}}`];
}

function printValue(value: Value, depth: number): string {
  if (typeof value === 'string') return isLong(value) ? heredoc([value]) : quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if ('code' in value) return value.code;
  if ('lines' in value) return heredoc(value.lines);
  if ('object' in value) return printObject(value.object, depth);
  // The end of lines of text stands alone in its line, where a list wants a comma.
  const items = value.map((item) => (typeof item === 'string' ? quoted(item) : printValue(item, depth + 1)));
  const line = `[${items.join(', ')}]`;
  if (line.length <= 80 && !line.includes('\n')) return line;
  return ['[', ...items.map((item) => `${indent(depth + 1)}${item},`), `${indent(depth)}]`].join('\n');
}

/** Several lines that mean nothing else are easier to read as lines. */
const isLong = (text: string): boolean => text.includes('\n') && text.split('\n').length > 2 && isPlain(text);

function printObject(object: Readonly<Record<string, Value>>, depth: number): string {
  const entries = Object.entries(object).map(([name, value]): Attribute => ({ node: 'attribute', name, value }));
  if (entries.length === 0) return '{}';
  return ['{', ...printAttributes(entries, depth + 1), `${indent(depth)}}`].join('\n');
}

/** Lines between two marks. Text that could be read as anything else is written as an expression of its own. */
function heredoc(parts: readonly (string | { readonly code: string })[]): string {
  const body = parts.map((part) => (typeof part === 'string' ? inHeredoc(part) : `\${${part.code}}`)).join('');
  return `<<EOT\n${body.endsWith('\n') ? body : `${body}\n`}EOT`;
}

/** A part of a heredoc: each line that is not plain as the interpolation of a quoted string. */
function inHeredoc(text: string): string {
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      const end = line.endsWith('\n') ? '\n' : '';
      const words = end === '' ? line : line.slice(0, -1);
      // A sign at its end would join what follows: `$` and `${` are the escape of `${`.
      return isPlain(`${words}\n`) && !/[$%]$/.test(words) ? line : `\${${quoted(words)}}${end}`;
    })
    .join('');
}
