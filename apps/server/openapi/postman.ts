import { asObject, isObject, type Json } from './json.ts';

/** What Postman takes as the form of a collection. */
const FORM = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * A collection for Postman of the API's document: a folder for each area, a request for each route, and variables for the
 * address and the token. What is optional is there and switched off.
 */
export function collectionOf(document: Json, baseUrl: string): Json {
  const folders = Map.groupBy(requestsOf(document), ({ tag }) => tag);
  const { title, description } = asObject(document['info']);
  return {
    info: { name: title, description, schema: FORM },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: baseUrl, type: 'string' },
      { key: 'token', value: '', type: 'string' },
    ],
    item: Array.from(folders, ([name, requests]) => ({ name, item: requests.map(({ item }) => item) })),
  };
}

function requestsOf({ paths }: Json): { tag: string; item: Json }[] {
  return Object.entries(asObject(paths)).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = asObject(methods)[method];
      if (!isObject(operation)) return [];
      const [tag = 'other'] = Array.isArray(operation['tags']) ? operation['tags'].map(String) : [];
      const name = String(operation['summary'] ?? `${method.toUpperCase()} ${path}`);
      return [{ tag, item: { name, request: requestOf(method, path, operation) } }];
    }),
  );
}

function requestOf(method: string, path: string, operation: Json): Json {
  const parameters = (Array.isArray(operation['parameters']) ? operation['parameters'] : []).map(asObject);
  const of = (place: string): Json[] => parameters.filter((each) => each['in'] === place);
  const body = bodyOf(operation);
  const isOpen = Array.isArray(operation['security']) && operation['security'].length === 0;
  const at = path.replace(/\{(\w+)\}/g, ':$1');
  return {
    method: method.toUpperCase(),
    description: operation['description'] ?? '',
    ...(isOpen ? { auth: { type: 'noauth' } } : {}),
    header: body === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }],
    url: {
      raw: `{{baseUrl}}${at}`,
      host: ['{{baseUrl}}'],
      path: at.split('/').filter((part) => part !== ''),
      variable: of('path').map((each) => ({
        key: each['name'],
        value: textOf(each['example'] ?? sample(each['schema'])),
      })),
      query: of('query').map((each) => ({
        key: each['name'],
        value: textOf(sample(each['schema'])),
        description: each['description'] ?? '',
        disabled: each['required'] !== true,
      })),
    },
    ...(body === undefined ? {} : { body }),
  };
}

function bodyOf(operation: Json): Json | undefined {
  const content = asObject(asObject(operation['requestBody'])['content']);
  const { schema, example } = asObject(content['application/json']);
  if (schema === undefined) return undefined;
  const raw = JSON.stringify(example ?? sample(schema), null, 2);
  return { mode: 'raw', raw, options: { raw: { language: 'json' } } };
}

/** A value that a schema takes: its example where it has one, else what must be there, left to be filled in. */
function sample(schema: unknown): unknown {
  const {
    example,
    examples,
    default: usual,
    enum: values,
    const: only,
    anyOf,
    type,
    properties,
    required,
  } = asObject(schema);
  const given = [example, Array.isArray(examples) ? examples[0] : undefined, usual, only];
  const first = given.find((each) => each !== undefined) ?? (Array.isArray(values) ? values[0] : undefined);
  if (first !== undefined) return first;
  if (Array.isArray(anyOf)) return sample(anyOf[0]);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object': {
      const names = Array.isArray(required) ? required.map(String) : [];
      return Object.fromEntries(names.map((name) => [name, sample(asObject(properties)[name])]));
    }
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    default:
      return '';
  }
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
