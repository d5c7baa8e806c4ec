/** What must last: one schema, on SQLite beside the product or on PostgreSQL for several replicas. */
export * from './store.ts';
