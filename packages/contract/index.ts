/**
 * The nouns that every part of pxa hands to the next, as zod schemas, and their types.
 *
 * Glossary
 * - answer: the one object that answers a request, through whichever door it came.
 * - call: one request that was made to Proxmox's API.
 * - view: a table made for one question: columns, rows of cells, and where each cell was read.
 * - cell: one value of one row in base units (bytes, seconds, fractions of 1); null where it is unknown.
 * - evidence: where a cell was read (`calls[0]#/data/3/mem`), or how it was computed from such places.
 * - finding: something that the cluster's keeper should know, with what to do next.
 * - query: what is asked, in terms of the catalogue. - command: what is to be changed.
 * - plan, approval, job, proof: the stations of a change.
 * - guest: a virtual machine (qemu) or a container (lxc). - node: a host. - vmid, UPID, storage, volume: as Proxmox says.
 */
export * from './token.ts';
export * from './scan.ts';
export * from './answer.ts';
export * from './query.ts';
export * from './command.ts';
export * from './plan.ts';
export * from './job.ts';
export * from './meaning.ts';
export * from './query-text.ts';
export * from './json-schema.ts';
