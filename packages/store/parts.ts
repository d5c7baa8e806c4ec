/** Rows of one statement, so that no engine's limit of parameters is met: SQLite takes 32,766. */
const ROWS_AT_ONCE = 500;

/** A list in parts that one statement holds. */
export function parts<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_AT_ONCE);
  return Array.from({ length: count }, (_, index) => rows.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE));
}
