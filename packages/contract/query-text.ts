import type { Filter, Instant, Literal, Query } from './query.ts';

/**
 * A query in one readable line, the same for the same query: `guests where type = qemu and mem_share > 0.8 by mem
 * desc first 3`. Examples, tests and `--explain` use it.
 */
export function queryText(query: Query): string {
  const parts = [query.dataset];
  if (query.where) parts.push(`where ${filterText(query.where)}`);
  if (query.window) {
    parts.push(`from ${instantText(query.window.from)}${query.window.to ? ` to ${instantText(query.window.to)}` : ''}`);
  }
  if (query.group) parts.push(`per ${query.group.join(', ')}`);
  if (query.measure) {
    const { of, column, test } = query.measure;
    parts.push(`give ${of}${column ? `(${column})` : ''}${test ? ` of ${filterText(test)}` : ''}`);
  }
  if (query.order) parts.push(`by ${query.order.map(({ column, dir }) => `${column} ${dir}`).join(', ')}`);
  if (query.limit !== undefined) parts.push(`first ${query.limit}`);
  if (query.focus?.length) parts.push(`show ${query.focus.join(', ')}`);
  return parts.join(' ');
}

/** A condition in one readable line. */
export function filterText(filter: Filter): string {
  switch (filter.op) {
    case 'and':
      return filter.of.map((each) => (each.op === 'or' ? `(${filterText(each)})` : filterText(each))).join(' and ');
    case 'or':
      return filter.of.map((each) => (each.op === 'and' ? `(${filterText(each)})` : filterText(each))).join(' or ');
    case 'not':
      return `not (${filterText(filter.of)})`;
    case 'compare':
      return `${filter.column} ${filter.is} ${literalText(filter.value)}`;
    case 'compare_columns':
      return `${filter.column} ${filter.is} ${filter.times === undefined ? '' : `${filter.times} × `}${filter.other}`;
    case 'in':
      return `${filter.column} in [${filter.values.join(', ')}]`;
    case 'text':
      return `${filter.column} ${filter.how} "${filter.text}"`;
    case 'known':
      return `${filter.column} is known`;
    case 'has': {
      const count = filter.count ? ` ${filter.count.is} ${filter.count.number}` : '';
      return `has ${filter.relation}${count}${filter.where ? ` where (${filterText(filter.where)})` : ''}`;
    }
    default:
      return filter satisfies never;
  }
}

function literalText(value: Literal): string {
  if (typeof value === 'object') return instantText(value);
  return value === '' ? '""' : String(value);
}

/** A point in time as one word or two, for tests and for saying an order back. */
export function instantText(instant: Instant): string {
  if ('ago' in instant) return instant.ago < 0 ? `now+${-instant.ago}s` : `now-${instant.ago}s`;
  if ('at' in instant) return `@${instant.at}`;
  const plus = instant.plus ? `+${instant.plus}s` : '';
  if ('midnight' in instant) return `midnight-${instant.midnight}d${plus}`;
  const which = instant.coming === true ? 'next' : 'last';
  if ('weekday' in instant) return `${which} weekday ${instant.weekday}${plus}`;
  const { month, day = 1, months } = instant;
  return `${which} ${month}/${day}${months ? `+${months}mo` : ''}${plus}`;
}
