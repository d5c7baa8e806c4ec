import { parseAst } from 'rolldown/parseAst';

/** One small change of a source: what stands from `start` to `end` is replaced. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly by: string;
  /** In words: `=== becomes !==`. */
  readonly says: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Each operator and what it becomes: always something that another case would tell from it. */
const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
};

/** All mutants of a TypeScript source, in its order. What is only a type or a message has none. */
export function mutantsOf(source: string): Mutant[] {
  const found: Mutant[] = [];
  visit(asNode(parseAst(source, { lang: 'ts' })), (node) => found.push(...ofNode(node, source)));
  return found.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function asNode(value: unknown): Node {
  return value as Node; // what the parser gives: each node has its type and place
}

/** What has no effect, and errors' texts, which no code decides by. */
const LEFT_ALONE = /^(?:TS(?!AsExpression|NonNull|Satisfies)|Import|ExportAll)/;

function visit(node: Node, see: (node: Node) => void): void {
  if (LEFT_ALONE.test(node.type)) return;
  see(node);
  for (const [key, value] of Object.entries(node)) {
    if (node.type === 'NewExpression' && key === 'arguments') continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && 'type' in child) visit(asNode(child), see);
    }
  }
}

function ofNode(node: Node, source: string): Mutant[] {
  const text = (of: Node): string => source.slice(of.start, of.end);
  const whole = (by: string, says: string, of: Node = node): Mutant => ({ start: of.start, end: of.end, by, says });
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return ofOperator(node, source);
    case 'IfStatement':
    case 'ConditionalExpression': {
      const test = asNode(node['test']);
      return [whole('true', `${text(test)} becomes true`, test), whole('false', `${text(test)} becomes false`, test)];
    }
    case 'UnaryExpression':
      return node['operator'] === '!' ? [whole(text(asNode(node['argument'])), 'the ! goes')] : [];
    case 'Literal':
      return ofLiteral(node, whole);
    case 'ExpressionStatement':
      return [whole(';', `${short(text(node))} goes`)];
    case 'ThrowStatement':
      return [whole(';', `${short(text(node))} goes`)];
    case 'ArrowFunctionExpression': {
      const body = asNode(node['body']);
      return body.type === 'BlockStatement'
        ? []
        : [whole('(undefined as never)', `=> ${short(text(body))} gives nothing`, body)];
    }
    default:
      return [];
  }
}

function ofOperator(node: Node, source: string): Mutant[] {
  const [left, right] = [asNode(node['left']), asNode(node['right'])];
  const operator = String(node['operator']);
  const at = left.end + source.slice(left.end, right.start).indexOf(operator);
  if (operator === '??') {
    const by = source.slice(left.start, left.end);
    return [{ start: node.start, end: node.end, by, says: `${by} ?? … becomes ${by}` }];
  }
  const by = OPERATORS[operator];
  return by === undefined ? [] : [{ start: at, end: at + operator.length, by, says: `${operator} becomes ${by}` }];
}

function ofLiteral(node: Node, whole: (by: string, says: string) => Mutant): Mutant[] {
  const { value } = node;
  if (typeof value === 'boolean') return [whole(String(!value), `${value} becomes ${!value}`)];
  if (typeof value === 'number') return [whole(String(value + 1), `${value} becomes ${value + 1}`)];
  if (typeof value !== 'string' || /\s/.test(value)) return [];
  return [whole(value === '' ? "'mutant'" : "''", `'${value}' becomes ${value === '' ? "'mutant'" : "''"}`)];
}

const short = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 70);
