import { routesOf } from './source.ts';
import type { SourceFacts } from './source.ts';

/** Schemas that occur in many routes are written once; a route names them by their number. */
class Schemas {
  readonly lines: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(schema: unknown): number {
    const text = JSON.stringify(this.compact(schema));
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.lines.length);
    return this.lines.push(text) - 1;
  }

  /** The same value with every map of properties turned into name → number. */
  compact(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.compact(one));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        if (name !== 'properties' || inner === null || typeof inner !== 'object') return [name, this.compact(inner)];
        return [name, Object.fromEntries(Object.entries(inner).map(([key, schema]) => [key, this.numberOf(schema)]))];
      }),
    );
  }
}

/** One JSON text a line, so that a changed route is a changed line. No text of the facts holds a backtick or `${`. */
function block(name: string, says: string, lines: string[]): string {
  const text = lines.join('\n');
  if (text.includes('`') || text.includes('${')) throw new Error(`${name}: the facts hold a backtick or \${`);
  return `/** ${says} */\nexport const ${name} = String.raw\`${text}\`;`;
}

/** The run-time part: plain text, of which only what is looked up is ever parsed. */
export function emitData(facts: SourceFacts): string {
  const schemas = new Schemas();
  const routes = routesOf(facts).map(([id, method]) => `${id}\t${JSON.stringify(schemas.compact(method))}`);
  const formats = Object.entries(facts.formats)
    .filter(([, format]) => format.properties)
    .map(([name, format]) => `${name}\t${JSON.stringify(schemas.compact({ properties: format.properties }))}`);
  return [
    block('routeLines', 'A route a line: its id, a tab, its facts; schemas by number.', routes),
    block('formatLines', 'A property-string format a line: its name, a tab, its properties.', formats),
    block('schemaLines', 'A schema a line; the first is number 0.', schemas.lines),
    block('roleLine', 'Built-in roles and their privileges.', [JSON.stringify(facts.roles)]),
    block('storageTypeLine', 'Storage types: content, formats and options.', [JSON.stringify(facts.storageTypes)]),
  ].join('\n');
}
