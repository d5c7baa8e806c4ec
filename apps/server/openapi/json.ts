/** An object of JSON, of which nothing more is known. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value where it is an object, else an empty one. */
export function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}
