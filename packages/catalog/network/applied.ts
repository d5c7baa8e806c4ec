import type { Fact } from '@pxa/contract';
import { call, type Piece, type PieceStep, type Refusal } from '../kit/index.ts';
import { type NetworkNow, waitingFact, waits } from './network-now.ts';

/** That a change is applied at once, in the same plan. */
export const applyInput = {
  apply: { kind: 'flag', say: ['[and] apply it', '[and] apply it at once', 'and apply', '[and] apply that'] },
} as const;

/** The step that makes so what waits on a node; all of it, as Proxmox has no other way (PVE::API2::Network, reload_network_config). */
export function applyStep(node: string, says: string, relies: readonly Fact[]): PieceStep {
  return {
    ...call('PUT', '/nodes/{node}/network', { node }, says),
    node,
    tasks: [{ type: 'srvreload', id: 'networking' }],
    limitSeconds: 300,
    relies,
    expects: [waitingFact(node, null)],
  };
}

/** What nobody asked for would be applied together with it. */
export function applyRefusals({ node, waiting }: NetworkNow, apply: boolean | undefined): Refusal[] {
  if (apply !== true || waiting === '') return [];
  const say = `revert the network changes of ${node}`;
  const next = `Apply them by themselves first (“apply the network changes of ${node}”), or drop them: “${say}”.`;
  return [{ why: `Other changes wait on ${node}, and would be applied together with it.`, next, say }];
}

const CAUTION =
  'Guests may lose their connections for a moment. After a mistake that cuts the node off, only its own console helps.';

/** A change of a node's network as it is planned: it waits, or is applied at once. */
export function withApply(network: NetworkNow, apply: boolean | undefined, piece: Piece): Piece {
  if (apply !== true) return { ...piece, warnings: [...(piece.warnings ?? []), ...waits(network)] };
  const { node } = network;
  const last = piece.steps.at(-1);
  const step = applyStep(node, `Apply the network changes of ${node}`, last?.expects ?? []);
  return {
    ...piece,
    says: `${piece.says}, and apply it`,
    risk: piece.risk ?? 'disruptive',
    steps: [...piece.steps, step],
    warnings: [...(piece.warnings ?? []), CAUTION],
  };
}
