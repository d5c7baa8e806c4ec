import { routeFacts } from './lines.ts';
import { isPerlFalse, perlText } from './perl.ts';
import { checkFormat } from './formats/index.ts';
import { checkObject, checkProp } from './schema.ts';
import type { Errors, Findings } from './schema.ts';
import type { ParameterFacts, RouteId, Schema } from './types.ts';

/**
 * What parameters become before they are checked and used: lists may come as arrays where the format is a list of
 * texts, and a lone value where an array is expected.
 */
function normalized(
  properties: Record<string, Schema>,
  params: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const out: Record<string, unknown> = { ...params };
  for (const [key, value] of Object.entries(params)) {
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!schema || isPerlFalse(value)) continue;
    if (Array.isArray(value)) {
      if (schema.type === 'string' && typeof schema.format === 'string' && schema.format.endsWith('-list')) {
        out[key] = value.map(listed).join(',');
      }
    } else if (schema.type === 'array' && (typeof value === 'string' || typeof value === 'number')) out[key] = [value];
  }
  return out;
}

/** How Perl joins an element of a JSON array into a text. */
function listed(value: unknown): string {
  if (typeof value === 'number') return perlText(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value === null || value === undefined ? '' : String(value);
}

/** The parts that are put together are checked one by one; what no part knows is refused. */
function checkAllOf(parts: Schema[], params: Record<string, unknown>, found: Findings): void {
  const known = new Set<string>();
  for (const part of parts) {
    if (part.oneOf) checkOneOf(part, params, found, known);
    else {
      const properties = part.properties ?? {};
      for (const key of Object.keys(properties)) known.add(key);
      checkObject('', properties, params, { additional: true }, found);
    }
  }
  const unknown = Object.fromEntries(Object.entries(params).filter(([key]) => !known.has(key)));
  checkObject('', {}, unknown, { additional: false }, found);
}

/** The variant that the type-property names is checked under `oneOf[TYPE]`; no variant without a valid type. */
function checkOneOf(part: Schema, params: Record<string, unknown>, found: Findings, known: Set<string>): void {
  const property = part['type-property'] ?? 'type';
  known.add(property);
  checkProp(params[property], part['type-property-schema'] ?? { type: 'string' }, property, found);
  const variant = part.oneOf?.find((one) => one['instance-type'] === params[property]);
  if (!variant) return;
  const properties = variant.properties ?? {};
  for (const key of Object.keys(properties)) known.add(key);
  checkObject(`oneOf[${variant['instance-type']}]`, properties, params, { additional: true }, found);
}

/** Checks parameters against a schema of a method's parameters. */
export function validateParameters(parameters: ParameterFacts, params: Readonly<Record<string, unknown>>): Errors {
  // Without a prototype: a parameter may be called __proto__.
  const errors = Object.create(null) as Errors;
  const found: Findings = { errors, checkFormat };
  const properties = parameters.properties ?? {};
  const given = normalized(properties, params);
  if (parameters.allOf) checkAllOf(parameters.allOf, given, found);
  else if (parameters.properties || parameters.additionalProperties === false) {
    checkObject('', properties, given, { additional: parameters.additionalProperties ?? true }, found);
  }
  return { ...errors };
}

/** The parameters as a method of Proxmox's gets them: lists of texts joined by commas, lone values of arrays wrapped. */
export function normalizeParams(route: RouteId, params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return normalized(routeFacts(route).parameters.properties ?? {}, params);
}

/**
 * What Proxmox would find wrong with the parameters of a route (those of the path and of the query or body, in one
 * object): field → text; empty where they pass. The HTTP answer to findings is 400 `Parameter verification failed.`
 * Whether they came in a form or as JSON makes no difference: Perl tells references and JSON's booleans from texts,
 * and nothing else.
 */
export function validate(route: RouteId, params: Readonly<Record<string, unknown>>): Errors {
  return validateParameters(routeFacts(route).parameters, params);
}
