import type { Fact } from '@pxa/contract';
import type { Refusal } from './action.ts';
import type { Planning } from './planning.ts';
import { CannotPlan } from './planning.ts';

/** A fact of what stands at a place of a read. */
export function factAt(
  about: string,
  path: string,
  at: readonly string[],
  is: Fact['is'],
  more: { readonly params?: Fact['read']['params']; readonly how?: Fact['how'] } = {},
): Fact {
  const { params = {}, how } = more;
  return { about, read: { path, params }, at: [...at], is, ...(how === undefined ? {} : { how }) };
}

/** The same of what stands beside the data of an answer: `changes` of a node's network. */
export const factBeside = (...of: Parameters<typeof factAt>): Fact => ({ ...factAt(...of), beside: true });

/** A node that a call to the cluster as a whole is counted under: the first that is online. @throws CannotPlan */
export async function anyNode(planning: Planning): Promise<string> {
  const nodes = await planning.nodes();
  const node = nodes.find(({ online }) => online)?.node;
  if (node !== undefined) return node;
  throw new CannotPlan({ why: 'No node of the cluster is online.', next: 'See what became of them: “list nodes”.' });
}

/** That the nodes of an input `nodes` are there, online or not. */
export async function unknownNodes(planning: Planning, named: readonly string[]): Promise<Refusal[]> {
  const known = (await planning.nodes()).map(({ node }) => node);
  const next = `Nodes: ${known.join(', ')}.`;
  return named
    .filter((node) => !known.includes(node))
    .map((node) => ({ why: `No node is called ${node}.`, next, input: 'nodes', reason: 'not_found' }));
}

/** Why a node that was named cannot be gone to: there is none of that name; or it is offline, which is no fault of the name. */
export async function nodeRefusals(planning: Planning, named: string, input = 'node'): Promise<Refusal[]> {
  const nodes = await planning.nodes();
  const found = nodes.find(({ node }) => node === named);
  if (found?.online === true) return [];
  const online = nodes.filter((each) => each.online).map(({ node }) => node);
  const next = `Nodes that are online: ${online.join(', ') || 'none'}.`;
  if (found !== undefined) return [{ why: `${named} is offline.`, next }];
  return [{ why: `There is no node ${named}.`, next, input, reason: 'not_found' }];
}
