import { request } from 'node:https';
import { fillPath, isRouteId, matchRoute, routeFacts } from '../../packages/pve/facts/index.ts';
import { isDeepStrictEqual } from 'node:util';

/** One request as it goes over the wire, below /api2/json. */
export interface WireRequest {
  method: string;
  path: string;
  body?: { type: string; text: string };
}

/** What came back. */
export interface WireAnswer {
  status: number;
  message: string;
  data: unknown;
  errors: Record<string, string>;
}

/** Where a sandbox listens, and the certificate that it shows. */
export interface Target {
  url: string;
  certificate: string;
}

function pairs(params: Record<string, unknown>): string {
  return Object.entries(params)
    .flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((one) => [key, String(one)] as const))
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** Whether a form keeps the values: it knows texts and lists of them only, and no empty list. */
function fitsForm(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 1 && value.every((one) => typeof one === 'string');
  return typeof value === 'string';
}

/**
 * The request that brings parameters to a route, or why none can: values that no path of that route can hold (empty
 * or with white space), or that no form can.
 */
export function wireRequest(
  route: string,
  params: Record<string, unknown>,
  body: 'form' | 'json',
): WireRequest | { impossible: string } {
  if (!isRouteId(route)) return { impossible: 'no such route' };
  const { method, path, parameters } = routeFacts(route);
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
  if (inPath.some((name) => params[name] === undefined || params[name] === '')) {
    return { impossible: 'a parameter of the path is missing' };
  }
  const filled = fillPath(path, params);
  const reached = matchRoute(method, filled);
  const pathParams = Object.fromEntries(inPath.map((name) => [name, params[name]]));
  if (reached?.id !== route || !isDeepStrictEqual(reached.pathParams, pathParams)) {
    return { impossible: 'the path leads elsewhere' };
  }
  const rest = Object.fromEntries(Object.entries(params).filter(([name]) => !inPath.includes(name)));
  if ('_dc' in rest) return { impossible: '_dc is dropped' };
  const hasBody = method === 'POST' || method === 'PUT';
  if (body === 'json' && hasBody) {
    return { method, path: filled, body: { type: 'application/json', text: JSON.stringify(rest) } };
  }
  const wrapped = Object.entries(rest).every(
    ([name, value]) => fitsForm(value) || (fitsOne(value) && parameters.properties?.[name]?.type === 'array'),
  );
  if (!wrapped) return { impossible: 'a form cannot hold the values' };
  const form = pairs(rest);
  if (!hasBody) return { method, path: form === '' ? filled : `${filled}?${form}` };
  return { method, path: filled, body: { type: 'application/x-www-form-urlencoded', text: form } };
}

/** A list of one text: a form makes a lone value of it, which the server wraps again where a list is expected. */
function fitsOne(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' && value[0] !== '';
}

/** Sends a request through the sandbox's HTTPS door. */
export function send(target: Target, wire: WireRequest, headers: Record<string, string>): Promise<WireAnswer> {
  const body = wire.body;
  const length = body ? { 'Content-Type': body.type, 'Content-Length': String(Buffer.byteLength(body.text)) } : {};
  return new Promise((resolve, reject) => {
    const call = request(
      `${target.url}/api2/json${wire.path}`,
      { method: wire.method, headers: { ...headers, ...length }, ca: target.certificate, timeout: 20_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(answer(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))));
      },
    );
    call.on('timeout', () => call.destroy(new Error(`${wire.method} ${wire.path}: no answer in 20 s`)));
    call.on('error', reject);
    call.end(body?.text);
  });
}

function answer(status: number, text: string): WireAnswer {
  // Every answer of /api2/json is an object of these fields, or empty.
  const parsed = (text === '' ? {} : JSON.parse(text)) as Partial<WireAnswer>;
  return { status, message: parsed.message ?? '', data: parsed.data ?? null, errors: parsed.errors ?? {} };
}
