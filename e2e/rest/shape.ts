type Json = Readonly<Record<string, unknown>>;

/** What an answer may leave open: it is not set, which is nothing that could not be told. */
const MAY_BE_UNSET = /(?:^|\.)(?:vlan_id|subnet|gateway|environment|description|estimated_completion|mount_point)$/;

/**
 * How an answer differs in shape from one that a document shows: keys that are missing, and values of another type. Null
 * stands for whatever cannot be told, where the answer names it as unavailable. Of lists, the first elements are compared.
 */
export function differences(shown: unknown, got: unknown, unavailable: readonly string[], path = ''): string[] {
  if (shown === null || shown === undefined) return [];
  if (got === null) return isExcused(path, unavailable) ? [] : [`${path} is null, and nothing says why`];
  if (kindOf(shown) !== kindOf(got)) return [`${path} is ${kindOf(got)}, and was shown as ${kindOf(shown)}`];
  if (Array.isArray(shown) && Array.isArray(got)) {
    return got.length === 0 ? [] : differences(shown[0], got[0], unavailable, `${path}.0`);
  }
  if (kindOf(shown) !== 'object') return [];
  const [a, b] = [shown as Json, got as Json]; // both are objects
  return Object.entries(a).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return key in b ? differences(value, b[key], unavailable, at) : [`${at} is missing`];
  });
}

/** A field is named by its own name, or by that of what it is a part of; with or without the numbers of lists. */
function isExcused(path: string, unavailable: readonly string[]): boolean {
  const plain = path.replace(/\.\d+(?=\.|$)/g, '');
  const named = unavailable.map((field) => field.replace(/\[\w*\]|\.\d+(?=\.|$)/g, ''));
  return (
    MAY_BE_UNSET.test(plain) || named.some((field) => `.${plain}`.endsWith(`.${field}`) || plain.includes(`${field}.`))
  );
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : value === undefined ? 'missing' : Array.isArray(value) ? 'list' : typeof value;
