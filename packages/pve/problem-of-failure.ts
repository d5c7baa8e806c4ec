import type { Circumstances, Problem } from './problem.ts';
import type { Failure } from './transport/failure.ts';

const CHECK_ADDRESS =
  'Check the address and port (Proxmox VE listens on 8006), that the node is up, and that a firewall lets this machine through.';

/** The problem behind a request that got no answer that could be read. */
export function problemOfFailure(failure: Failure, where: Circumstances): Problem {
  const { at, method, path } = where;
  const status = 0;
  switch (failure.cause) {
    case 'refused':
      return unreachable(`${at} refuses connections.`);
    case 'no_route':
      return unreachable(`There is no way to ${at} from here (${failure.detail}).`);
    case 'unknown_host':
      return { ...unreachable(`The name in ${at} is not known.`), next_step: 'Check how the host is written.' };
    case 'connect_timeout':
      return unreachable(`${at} does not answer: ${failure.detail}.`);
    case 'dropped':
      return unreachable(`${at} closed the connection before it had answered ${method} ${path}.`);
    case 'tls':
    case 'other':
      return unreachable(`The connection to ${at} failed (${failure.detail}).`);
    case 'certificate':
      return certificateProblem(failure, where);
    case 'not_tls':
      return notProxmox(`What listens at ${at} does not speak TLS.`);
    case 'not_http':
      return notProxmox(`What listens at ${at} does not answer as Proxmox VE does (${failure.detail}).`);
    case 'timeout':
      return {
        kind: 'timeout',
        status,
        message: `${method} ${path} at ${at}: ${failure.detail}.`,
        next_step: 'Ask again; if it stays so, look at the load and the storages of the node.',
      };
    case 'too_large':
      return {
        kind: 'server',
        status,
        message: `${method} ${path} at ${at}: ${failure.detail}.`,
        next_step: 'Ask for less at a time.',
      };
    case 'busy':
      return {
        kind: 'server',
        status,
        message: `${method} ${path} was not sent: ${failure.detail}.`,
        next_step: 'Ask again when the requests under way have ended.',
      };
    case 'file':
      return {
        kind: 'invalid',
        status,
        message: `${method} ${path} was broken off: ${failure.detail}.`,
        next_step: 'See that nothing else writes to the file or removes it, and send it anew.',
      };
    case 'cancelled':
      return { kind: 'cancelled', status, message: `${method} ${path} was cancelled.`, next_step: 'Ask again.' };
  }
}

function unreachable(message: string): Problem {
  return { kind: 'unreachable', status: 0, message, next_step: CHECK_ADDRESS };
}

/** The problem behind an answer that Proxmox VE would not give; `why` continues "What listens there is not …". */
export function foreignProblem(why: string, status: number, { at }: Circumstances): Problem {
  return { ...notProxmox(`What listens at ${at} is not Proxmox VE's API: ${why}.`), status };
}

function notProxmox(message: string): Problem {
  return {
    kind: 'not_proxmox',
    status: 0,
    message,
    next_step: 'Check the address and the port: Proxmox VE answers over https on port 8006.',
  };
}

function certificateProblem(failure: Failure, { at }: Circumstances): Problem {
  const { presented = 'none', expected, why = failure.detail } = failure.certificate ?? {};
  const problem = { kind: 'certificate', status: 0 } as const;
  if (expected === undefined) {
    return {
      ...problem,
      message: `The certificate of ${at} is not accepted: ${why}. Nothing was sent. Its SHA-256 fingerprint is ${presented}.`,
      next_step:
        "Compare the fingerprint with the node's (pvenode cert info, or Node > System > Certificates). Only if they are the same, connect with it as the pinned fingerprint, or with the cluster's CA (/etc/pve/pve-root-ca.pem).",
      certificate: { presented },
    };
  }
  return {
    ...problem,
    message: `The certificate of ${at} is not the pinned one. Nothing was sent.\n  expected  ${expected}\n  presented ${presented}`,
    next_step:
      "If the node's certificate was renewed, compare the presented fingerprint with the node's (pvenode cert info) and pin it anew. If it was not, someone else is answering in its place.",
    certificate: { presented, expected },
  };
}
