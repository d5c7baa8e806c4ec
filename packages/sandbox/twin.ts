import { accessFor } from './access.ts';
import { givenAccess, type GivenPrivileges } from './access/given.ts';
import { Authenticator, isOpenCall, type Randomness } from './auth.ts';
import { PveError, type Caller } from './behaviour.ts';
import { readParams, type Params } from './body.ts';
import type { SandboxClock } from './clock.ts';
import { Dispatcher } from './dispatch.ts';
import { FaultBox } from './faults.ts';
import { allBehaviours } from './registry.ts';
import type { Upload } from './contents/multipart.ts';
import { fileParams } from './receive.ts';
import { failure, success, type Reply } from './respond.ts';
import type { State } from './state.ts';
import { Tasks } from './tasks.ts';
import { traitsOf, type Traits } from './traits.ts';
import { checkParameters } from './validate.ts';

/** How a twin is opened. */
export interface TwinOptions {
  state: State;
  clock: SandboxClock;
  /** Who makes all calls: `user@realm` or `user@realm!token`. */
  as: string;
  /** What that caller may do, as /access/permissions told it; default: what the state's own ACL says. */
  privileges?: GivenPrivileges;
}

/** One request, as it would come in over the wire; `path` begins with /api2/json. */
export interface TwinCall {
  method: string;
  path: string;
  body?: string;
  /** A file that goes along: what is known of it. */
  file?: { bytes: number; sha256: string };
}

/** What comes back, as over the wire. */
export interface TwinReply {
  status: number;
  reason: string;
  headers: Record<string, string>;
  body: string;
  /** Set where the answer is no refusal of Proxmox's: the sandbox itself broke at the call. */
  broken?: string;
}

/** A cluster in memory that is asked within the process: no port, no certificate, no login. */
export interface Twin {
  state: State;
  clock: SandboxClock;
  tasks: Tasks;
  /** Answers a request with the same checks, tasks and words as over the wire. Never rejects. */
  answer(call: TwinCall): Promise<TwinReply>;
}

const UNTOUCHED = { latencyMs: 0, hangs: false, ticketExpired: false };

/** Opens a cluster that only this process can ask. */
export function openTwin({ state, clock, as, privileges }: TwinOptions): Twin {
  const traits = traitsOf(state.version.version);
  const tasks = new Tasks(state, clock);
  const auth = new Authenticator(state, { passwords: {}, tokens: {}, tfa: {} }, clock, traits, counting());
  const faults = new FaultBox(clock, {
    setNodeDown: () => undefined,
    setQuorumLost: () => undefined,
    changeCertificate: () => undefined,
  });
  const dispatcher = new Dispatcher({
    state,
    clock,
    tasks,
    traits,
    behaviours: allBehaviours(() => auth),
    faults,
    probe: 'off',
    validate: checkParameters,
    accessOf: privileges === undefined ? accessFor : givenAccess(as, privileges),
  });
  const caller = callerOf(as);
  return {
    state,
    clock,
    tasks,
    async answer(call) {
      const { status, message, contentType, body, broken } = await replyTo(call, { dispatcher, caller, traits });
      return {
        status,
        reason: message?.split('\n', 1)[0] ?? '',
        headers: {
          server: 'pve-api-daemon/3.0',
          date: new Date(clock.now()).toUTCString(),
          ...(contentType === undefined ? {} : { 'content-type': contentType }),
        },
        body: body?.toString() ?? '',
        ...(broken === undefined ? {} : { broken }),
      };
    },
  };
}

/** The file as it would have come in; its sum is the only one that is known of it. */
function uploadOf({ bytes, sha256 }: { bytes: number; sha256: string }, params: Params): Upload {
  return { filename: String(params['filename'] ?? ''), size: bytes, sum: sha256 };
}

function callerOf(authid: string): Caller {
  const [userid = '', tokenid] = authid.split('!');
  return { userid, authid, ...(tokenid === undefined ? {} : { tokenid }) };
}

async function replyTo(
  { method, path, body, file }: TwinCall,
  { dispatcher, caller, traits }: { dispatcher: Dispatcher; caller: Caller; traits: Traits },
): Promise<Reply & { broken?: string }> {
  const [whole = '', query = ''] = path.split(/\?(.*)/s);
  const rawPath = whole.replace(/^\/api2\/json/, '');
  const knownCaller = isOpenCall(method, rawPath) ? null : caller;
  try {
    const params = readParams(body ?? '', 'form', query);
    const upload = file && uploadOf(file, params);
    const data = await dispatcher.carryOut({
      method,
      rawPath,
      path: decoded(rawPath),
      params: { ...params, ...fileParams(upload) },
      upload,
      kind: 'form',
      identity: { caller: knownCaller, withToken: caller.tokenid !== undefined },
      struck: UNTOUCHED,
      hasBeenPassedOn: false,
    });
    return success('json', data);
  } catch (error) {
    if (error instanceof PveError) return failure('json', error, traits);
    const broken = error instanceof Error ? error.message : String(error);
    return { ...failure('json', new PveError(500, `${broken}\n`), traits), broken };
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A twin keeps no secret worth guarding, and what is tried on it twice must come out the same. */
function counting(): Randomness {
  let count = 0;
  return {
    uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    bytes: (length) => Buffer.alloc(length, ++count),
  };
}
