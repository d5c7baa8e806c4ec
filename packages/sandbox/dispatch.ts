import { matchRoute, routeFacts, type RouteFacts, type RouteId, type RouteMatch } from '@pxa/pve/facts';
import { accessFor, type Access, type AccessConfig } from './access.ts';
import type { Identity } from './auth.ts';
import { PveError, type Behaviours, type Call, type Caller } from './behaviour.ts';
import type { BodyKind, Params } from './body.ts';
import { rootIndex } from './behaviours/indexes.ts';
import type { Clock } from './clock.ts';
import type { Upload } from './contents/multipart.ts';
import type { FaultBox, Struck } from './faults.ts';
import { nodeFor } from './proxy.ts';
import type { State } from './state.ts';
import type { Tasks } from './tasks.ts';
import type { Traits } from './traits.ts';

/** How far calls go: all the way, or only up to one of the checks, for conformance runs. */
export type Probe = 'off' | 'validation' | 'permissions';

export interface DispatchParts {
  state: State;
  clock: Clock;
  tasks: Tasks;
  traits: Traits;
  behaviours: Behaviours;
  faults: FaultBox;
  probe: Probe;
  /** What a caller may do; default: what the cluster's own access configuration says. */
  accessOf?: (config: AccessConfig, authid: string | null) => Access;
  /** Throws the 400 of parameters that the route's schema refuses. */
  validate: (route: RouteId, params: Params, kind: BodyKind) => void;
}

/** A request whose sender is known. */
export interface Request {
  method: string;
  /** As on the wire, below /api2/FORMAT, percent-encoded. */
  rawPath: string;
  /** The same, decoded. */
  path: string;
  params: Params;
  kind: BodyKind;
  /** The file that came with it, which is counted and forgotten. */
  upload?: Upload | undefined;
  identity: Identity;
  struck: Struck;
  /** Whether another node's proxy sent it: such a call is not passed on again. */
  hasBeenPassedOn: boolean;
}

const NOBODY: Caller = { userid: '', authid: '' };

/** Carries calls out, with the real server's checks in the real server's order (pve-manager HTTPServer.pm, rest_handler). */
export class Dispatcher {
  private readonly parts: DispatchParts;

  constructor(parts: DispatchParts) {
    this.parts = parts;
  }

  /** What the call gives; a PveError for every refusal. */
  async carryOut(request: Request): Promise<unknown> {
    const match = matchRoute(request.method, request.rawPath);
    if (!match) return this.offTheMap(request);
    const facts = routeFacts(match.id);
    const params = mergeParams(match, request.params);
    const access = this.accessOf(request, facts);
    const verdict = access.checkRoute(match.id, params);
    if (!verdict.ok) throw new PveError(verdict.status, verdict.message);
    if (this.parts.probe === 'permissions') return null;
    const node = this.parts.probe === 'off' ? await this.reach(request, facts, params) : String(params['node'] ?? '');
    this.parts.validate(match.id, params, request.kind);
    if (this.parts.probe !== 'off') return null;
    return this.behave(match, { ...this.context(request, access), params, node });
  }

  private offTheMap({ method, path }: Request): unknown {
    if (method === 'GET' && /^\/*$/.test(path)) return rootIndex();
    throw new PveError(501, `Method '${method} ${path}' not implemented`);
  }

  /** The caller's privileges; and whether a token may call this at all, where nobody has looked at the token yet. */
  private accessOf({ identity, path }: Request, facts: RouteFacts): Access {
    if (identity.withToken && facts.allowtoken === false) {
      const what = `URI '${path}' not available with API token, need proper ticket.\n`;
      throw new PveError(403, `Permission check failed (${what})\n`);
    }
    const { accessOf = accessFor } = this.parts;
    const access = accessOf(this.parts.state.access, identity.caller?.authid ?? null);
    return this.parts.faults.revoke(access, this.parts.state.access);
  }

  private async reach(request: Request, facts: RouteFacts, params: Params): Promise<string> {
    const { state, clock, faults } = this.parts;
    const node = nodeFor(state, facts, params, request.hasBeenPassedOn);
    if (facts.path.includes('{node}') && params['node'] === 'localhost') params['node'] = node;
    await faults.delayOnTheWay(request.struck, { node, facts, params, state, clock });
    faults.refuseWrites(state, facts);
    return node;
  }

  private context({ identity, upload }: Request, access: Access): Omit<Call, 'route' | 'params' | 'node'> {
    const { state, clock, tasks, traits } = this.parts;
    const caller = identity.caller ?? NOBODY;
    return { caller, access, upload, state, clock, tasks, version: { major: traits.major, release: traits.release } };
  }

  private async behave({ id }: RouteMatch, call: Omit<Call, 'route'>): Promise<unknown> {
    const behaviour = this.parts.behaviours[id];
    if (!behaviour) throw new PveError(501, `The sandbox does not model '${id}'.\n`);
    return await behaviour({ ...call, route: id });
  }
}

/** Path parameters and those that were sent, in one object; two values for one of them are refused. */
function mergeParams({ pathParams }: RouteMatch, sent: Params): Params {
  const merged: Params = Object.assign(Object.create(null) as Params, pathParams);
  for (const [key, value] of Object.entries(sent)) {
    const inPath = pathParams[key];
    if (inPath !== undefined && inPath !== String(value)) {
      const text = 'duplicate parameter (already defined in URI) with conflicting values!';
      throw new PveError(400, 'Parameter verification failed.\n', { [key]: text });
    }
    merged[key] = value;
  }
  return merged;
}
