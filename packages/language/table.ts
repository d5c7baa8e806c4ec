/** Values by words that people say: without what every object has, so that "constructor" is no word of ours. */
export function table<V>(of: Readonly<Record<string, V>>): Readonly<Record<string, V>> {
  // An object without a prototype has no type of its own.
  return Object.assign(Object.create(null) as Record<string, V>, of);
}
