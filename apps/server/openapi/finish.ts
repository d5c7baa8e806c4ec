import { STATUSES } from './answers.ts';
import { BODY_EXAMPLES, PATH_EXAMPLES } from './examples.ts';
import { asObject, isObject, type Json } from './json.ts';

/** What answers of limited routes say of the limit. */
const LIMIT_HEADERS: Readonly<Record<string, string>> = {
  'X-RateLimit-Limit': 'How many requests the window holds.',
  'X-RateLimit-Remaining': 'How many are left.',
  'X-RateLimit-Reset': 'When the window ends, in seconds since 1970.',
  'X-RateLimit-Window': 'How long the window is, in seconds.',
};

/** Bounds that say no more than that a number is a JavaScript integer. */
const BOUNDS: readonly (readonly [key: string, value: number])[] = [
  ['minimum', Number.MIN_SAFE_INTEGER],
  ['maximum', Number.MAX_SAFE_INTEGER],
];

/**
 * The document as clients and their generators want it: each answer says what its status means, those of limited routes
 * name their headers, and nothing in it stems from how the schemas are written here.
 */
export function finished(document: Json): Json {
  const paths = mapValues(document['paths'], (item) => mapValues(item, (operation) => withAnswers(operation)));
  const { components } = document;
  const headers = mapValues(LIMIT_HEADERS, (description) => ({ description, schema: { type: 'integer' } }));
  const schemas = reached(asObject(asObject(components)['schemas']), paths);
  return withoutNoise({ ...document, paths, components: { ...asObject(components), schemas, headers } }) as Json;
}

function withAnswers(operation: unknown): unknown {
  if (!isObject(operation) || !isObject(operation['responses'])) return operation;
  const isLimited = '429' in operation['responses'];
  const responses = Object.fromEntries(
    Object.entries(operation['responses']).map(([status, answer]) => {
      const description = STATUSES[Number(status)] ?? 'An answer.';
      return [status, { ...asObject(answer), description, ...(isLimited ? { headers: LIMIT_REFS } : {}) }];
    }),
  );
  const body = operation['requestBody'];
  const example = BODY_EXAMPLES[String(operation['operationId'])];
  return {
    ...operation,
    ...(Array.isArray(operation['parameters']) ? { parameters: operation['parameters'].map(withExample) } : {}),
    ...(isObject(body) ? { requestBody: withNeed(body, example) } : {}),
    responses,
  };
}

/** A parameter of a path with a thing that the sandbox's cluster has. */
function withExample(parameter: unknown): unknown {
  const { in: place, name } = asObject(parameter);
  const example = place === 'path' ? PATH_EXAMPLES[String(name)] : undefined;
  return example === undefined ? parameter : { ...asObject(parameter), example };
}

/** A body that may be null may be left out, too; clients are told the latter. */
function withNeed(body: Json, example: unknown): Json {
  let isNeeded = true;
  const content = mapValues(body['content'], (of, type) => {
    const media = type === 'application/json' && example !== undefined ? { ...asObject(of), example } : of;
    const schema = asObject(asObject(media)['schema']);
    const choices = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [];
    const others = choices.filter((choice) => asObject(choice)['type'] !== 'null');
    if (others.length === choices.length) return media;
    isNeeded = false;
    return { ...asObject(media), schema: others.length === 1 ? others[0] : { ...schema, anyOf: others } };
  });
  return { ...body, content, required: isNeeded };
}

const LIMIT_REFS = mapValues(LIMIT_HEADERS, (_, name) => ({ $ref: `#/components/headers/${name}` }));

/** The schemas that something refers to: of those that are the same sent and received, there is one too many. */
function reached(schemas: Json, from: unknown): Json {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (names.has(name)) continue;
      names.add(name);
      visit(schemas[name] ?? null);
    }
  };
  visit(from);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => names.has(name)));
}

/**
 * Without what says nothing to a client, or what few of them understand: bounds of JavaScript's integers, how a time is
 * written beside its format, and patterns over classes of Unicode.
 */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (!isObject(value)) return value;
  const isTime = value['format'] === 'date-time';
  const entries = Object.entries(value).filter(
    ([key, of]) =>
      !(key === 'pattern' && (isTime || (typeof of === 'string' && /\\p\{/i.test(of)))) &&
      !BOUNDS.some(([name, most]) => name === key && most === of),
  );
  return Object.fromEntries(entries.map(([key, of]) => [key, withoutNoise(of)]));
}

function mapValues(value: unknown, to: (of: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(asObject(value)).map(([key, of]) => [key, to(of, key)]));
}
