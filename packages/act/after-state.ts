import type { Change } from '@pxa/contract';
import type { State } from '@pxa/sandbox';
import { type Values, listsOf, ofFirewall } from './after-lists.ts';

type Guest = State['guests'] extends Map<number, infer G> ? G : never;
type Pool =
  State['nodes'] extends Map<string, infer N> ? (N extends { storages: Map<string, infer S> } ? S : never) : never;
type Volumes = Pool['pool']['volumes'];

/**
 * A cluster's guests with their configuration, place, status and snapshots, the volumes on its storages, and all else that
 * is configured. What it holds is never changed in place, so that it stays as it was.
 */
export interface Held {
  readonly guests: ReadonlyMap<number, Guest>;
  readonly volumes: ReadonlyMap<string, Volumes>;
  readonly lists: ReadonlyMap<string, Values>;
}

/** A cluster as it is now, to be compared with what it will be. */
export function held(state: State): Held {
  const { guests, nodes, storages } = state;
  const volumes = new Map<string, Volumes>();
  for (const node of nodes.values()) {
    for (const [storage, { pool }] of node.storages) {
      const isShared = storages.get(storage)?.['shared'] === 1;
      volumes.set(isShared ? `storage ${storage}` : `storage ${storage} on ${node.name}`, pool.volumes);
    }
  }
  return {
    guests: new Map([...guests].map(([vmid, guest]) => [vmid, { ...guest }])),
    volumes,
    lists: listsOf(state),
  };
}

/** What differs between two states of a cluster, thing by thing, key by key. */
export function changesBetween(before: Held, after: Held): Change[] {
  const guests = keysOf(before.guests, after.guests).flatMap((vmid) => {
    const [was, is] = [before.guests.get(vmid), after.guests.get(vmid)];
    if (was !== undefined && is !== undefined && isAlike(was, is)) return [];
    return changesOf(titleOf(was ?? is), valuesOf(was), valuesOf(is));
  });
  const volumes = keysOf(before.volumes, after.volumes).flatMap((about) => {
    const [was, is] = [before.volumes.get(about), after.volumes.get(about)];
    return was === is ? [] : changesOf(about, sizesOf(was), sizesOf(is));
  });
  const lists = keysOf(before.lists, after.lists).flatMap((about) =>
    changesOf(about, before.lists.get(about) ?? new Map(), after.lists.get(about) ?? new Map()),
  );
  return [...guests, ...volumes, ...lists];
}

function keysOf<K>(before: ReadonlyMap<K, unknown>, after: ReadonlyMap<K, unknown>): K[] {
  return [...new Set([...before.keys(), ...after.keys()])];
}

function changesOf(about: string, was: Values, is: Values): Change[] {
  return keysOf(was, is).flatMap((key): Change[] => {
    const change = { about, key, before: was.get(key) ?? null, after: is.get(key) ?? null };
    return change.before === change.after ? [] : [change];
  });
}

const COMPARED = ['config', 'pending', 'status', 'qmpstatus', 'node', 'snapshots', 'firewall'] as const;

function isAlike(was: Guest, is: Guest): boolean {
  return COMPARED.every((key) => was[key] === is[key]);
}

function titleOf(guest: Guest | undefined): string {
  return `${guest?.type === 'lxc' ? 'Container' : 'VM'} ${guest?.vmid}`;
}

/** All that is compared of a guest; nothing of one that is not there. */
export function valuesOf(guest: Guest | undefined): Values {
  if (guest === undefined) return new Map();
  const { config, pending, status, qmpstatus, node, snapshots, firewall } = guest;
  const values = new Map<string, string>(Object.entries(config).map(([key, value]) => [key, String(value)]));
  for (const [key, value] of Object.entries(pending?.set ?? {})) values.set(`${key} (pending)`, String(value));
  for (const key of Object.keys(pending?.remove ?? {})) values.set(`${key} (pending)`, 'removed');
  const names = snapshots.map(({ name }) => name).filter((name) => name !== 'current');
  values.set('status', qmpstatus === 'paused' ? 'paused' : status);
  values.set('node', node);
  if (names.length > 0) values.set('snapshots', names.join(', '));
  for (const [key, value] of ofFirewall(firewall)) values.set(`firewall ${key}`, value);
  return values;
}

function sizesOf(volumes: Volumes = []): Values {
  return new Map(volumes.map(({ volid, size }) => [volid, String(size)]));
}
