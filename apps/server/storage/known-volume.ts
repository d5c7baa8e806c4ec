import { type Named, nameText, readNamed } from '../connections/connection.ts';
import { notAcceptable, notFound, Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { readVolumeId, type VolumeRef } from './volume-ids.ts';
import { type Volume, volumesOf } from './volumes.ts';

/** A volume that there is, and the cluster that has it. */
export interface KnownVolume {
  readonly connection: Named;
  readonly volume: VolumeRef;
}

/**
 * The volume that a path names, which there is. Where nodes have a storage of that name each, the id names one of them
 * (`local@pve1~iso~x.iso`), or `node` does; an id without either means the one node that has it. @throws Problem 404,
 * 409, 422, 503
 */
export async function knownVolume(
  service: Service,
  at: { readonly storage: string; readonly id: string },
  node: string | undefined,
): Promise<KnownVolume> {
  const named = readNamed(service, at.id);
  const volume = readVolumeId(named.own);
  const connection = readNamed(service, at.storage);
  const isThere = volume?.storage === connection.own && named.cluster === connection.cluster;
  if (volume === undefined || !isThere) throw notFound('volume', at.id);
  if (node !== undefined && volume.node !== undefined && volume.node !== node) throw otherNode(at.id, node);
  const { rows, unavailable } = await volumesOf(service, connection, { storage: volume.storage, node: volume.node });
  const found = rows.filter((each) => each.volume === volume.volid && isMeant(each, volume, nameOf(service, named)));
  if (found.length === 0) throw notFound('volume', at.id);
  const nodes = [...new Set(found.flatMap((each) => each.nodes))].toSorted();
  const wanted = node === undefined ? found : found.filter((each) => each.nodes.includes(node));
  const [only, ...others] = wanted;
  if (only === undefined) throw notThere(at.id, node, nodes);
  if (others.length > 0) throw severalHave(at.id, nodes);
  const isGuess = volume.node === undefined && node === undefined && isOfOneNode(only);
  if (isGuess && unavailable.length > 0) throw silent(at.id, nodes);
  return { connection, volume: { ...volume, node: isOfOneNode(only) ? only.nodes[0] : undefined } };
}

const nameOf = (service: Service, { name, own }: Named): string => nameText(service, name, own);

/** An id with a node is that of one row; without, rows of several nodes may be meant. */
const isMeant = (row: Volume, volume: VolumeRef, id: string): boolean => volume.node === undefined || row.id === id;

/** Whether a volume lies on a storage of its node's own, as its id tells. */
const isOfOneNode = ({ id }: Volume): boolean => /@[^~]*~/.test(id);

function otherNode(id: string, node: string): Problem {
  const details = { field: 'node', reason: 'not_that_of_id', provided_value: node };
  return notAcceptable(
    `${id} names another node than ${node}: leave node out, or write the id without its node.`,
    details,
  );
}

function notThere(id: string, node: string | undefined, nodes: readonly string[]): Problem {
  const details = { field: 'node', reason: 'not_found', provided_value: node, nodes };
  return notAcceptable(`${node ?? 'That node'} has no ${id}. It is on: ${nodes.join(', ')}.`, details);
}

function severalHave(id: string, nodes: readonly string[]): Problem {
  const message = `${id} is on several nodes, each with a storage of its own: ${nodes.join(', ')}. Say by node which is meant.`;
  return notAcceptable(message, { field: 'node', reason: 'ambiguous', nodes });
}

function silent(id: string, nodes: readonly string[]): Problem {
  const message = `${id} is on ${nodes.join(', ')}, but whether it is on other nodes could not be read. Say by node which is meant.`;
  return new Problem(409, 'RESOURCE_CONFLICT', message, { field: 'node', reason: 'node_silent', nodes });
}
