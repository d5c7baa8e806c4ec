import type { Check } from '../generated.ts';
import type { BlockFacts } from './block-facts.ts';
import { BPG } from './bpg-schema.gen.ts';
import { check } from './check.ts';
import { codeIn, type HclJson, readHcl, referencesIn, stringsIn } from './hcl-read.ts';
import { rangeProblems } from './ranges.ts';
import { TELMATE } from './telmate-schema.ts';

type Body = Readonly<Record<string, unknown>>;

/** A resource as it was read back. */
interface Resource {
  readonly type: string;
  readonly label: string;
  readonly bodies: readonly Body[];
}

const SCHEMA: Readonly<Record<string, BlockFacts>> = { ...BPG, ...TELMATE };
/** What Terraform itself allows in every resource. */
const META = new Set(['lifecycle', 'depends_on', 'count', 'for_each', 'provider']);

/** The checks of Terraform code, on what HashiCorp's own parser reads of it. */
export async function checkTerraform(code: string): Promise<Check[]> {
  const read = await readHcl(code);
  if (!read.ok) return [check('parses', 30, [read.why])];
  const resources = resourcesOf(read.module);
  return [
    check('parses', 30, []),
    check('has what the provider requires, and nothing that it does not know', 25, resources.flatMap(schemaProblems)),
    check('refers to what there is', 20, referenceProblems(read.module, resources)),
    check('names nothing twice', 10, duplicates(read.module, resources)),
    check(
      'has values in sensible ranges',
      10,
      resources.flatMap(({ type, label, bodies }) => bodies.flatMap((body) => rangeProblems(body, `${type}.${label}`))),
    ),
    check('holds no secrets', 5, secrets(resources)),
  ];
}

function resourcesOf(module: HclJson): Resource[] {
  return Object.entries(record(module['resource'])).flatMap(([type, labels]) =>
    Object.entries(record(labels)).map(([label, bodies]) => ({ type, label, bodies: list(bodies).map(record) })),
  );
}

function schemaProblems({ type, label, bodies }: Resource): string[] {
  const facts = SCHEMA[type];
  if (facts === undefined) return [`${type}: the provider has no such resource`];
  return bodies.flatMap((body) => blockProblems(body, facts, `${type}.${label}`));
}

function blockProblems(body: Body, { attributes, blocks }: BlockFacts, at: string): string[] {
  const problems: string[] = [];
  for (const [key, value] of Object.entries(body)) {
    if (META.has(key)) continue;
    const block = blocks[key];
    const type = attributes[key];
    if (block !== undefined) {
      const bodies = list(value).map(record);
      if (block.most > 0 && bodies.length > block.most) problems.push(`${at}.${key}: at most ${block.most}`);
      problems.push(...bodies.flatMap((each, n) => blockProblems(each, block, `${at}.${key}[${n}]`)));
    } else if (type === undefined) problems.push(`${at}.${key}: not known`);
    else if (!isOf(type, value)) problems.push(`${at}.${key}: is to be ${type.replace('!', '')}`);
  }
  const required = Object.entries(attributes).filter(([key, type]) => type.endsWith('!') && body[key] === undefined);
  const blocksRequired = Object.entries(blocks).filter(([key, { least }]) => list(body[key]).length < least);
  return [...problems, ...[...required, ...blocksRequired].map(([key]) => `${at}.${key}: required`)];
}

/** Whether a value is of a type, or code, whose type only Terraform knows. */
function isOf(type: string, value: unknown): boolean {
  if (typeof value === 'string' && codeIn(value).length > 0) return true;
  switch (type.replace('!', '')) {
    case 'string':
      return typeof value === 'string' || typeof value === 'number';
    case 'number':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
    case 'set':
      return Array.isArray(value);
    default:
      return typeof value === 'object';
  }
}

function referenceProblems(module: HclJson, resources: readonly Resource[]): string[] {
  const known = new Set([
    ...Object.keys(record(module['variable'])).map((name) => `var.${name}`),
    ...Object.keys(Object.assign({}, ...list(module['locals']).map(record))).map((name) => `local.${name}`),
    ...resources.map(({ type, label }) => `${type}.${label}`),
  ]);
  const used = stringsIn(module).flatMap(codeIn).flatMap(referencesIn);
  return [...new Set(used)].filter((name) => !known.has(name)).map((name) => `${name} is not declared`);
}

function duplicates(module: HclJson, resources: readonly Resource[]): string[] {
  const variables = Object.entries(record(module['variable'])).filter(([, bodies]) => list(bodies).length > 1);
  const labels = resources.filter(({ bodies }) => bodies.length > 1);
  const guests = resources.filter(({ type }) => /_(vm|container|vm_qemu|lxc)$/.test(type));
  const taken = (key: string): string[] => {
    const values = guests
      .flatMap(({ bodies }) => bodies.map((body) => body[key]))
      .filter((value) => typeof value === 'number' || (typeof value === 'string' && codeIn(value).length === 0));
    return values.filter((value, at) => values.indexOf(value) !== at).map((value) => `${key} ${String(value)} twice`);
  };
  return [
    ...variables.map(([name]) => `variable ${name} twice`),
    ...labels.map(({ type, label }) => `${type}.${label} twice`),
    ...taken('vm_id'),
    ...taken('vmid'),
    ...taken('name'),
  ];
}

const SECRET = /^(password|cipassword|api_token|pm_api_token_secret|private_key)$/;

/** Secrets stand in variables that are marked as such, never in code. */
function secrets(resources: readonly Resource[]): string[] {
  const found = (value: unknown, at: string): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, each]) => {
      const isPlain = SECRET.test(key) && typeof each === 'string' && codeIn(each).length === 0;
      return isPlain ? [`${at}.${key} is in the clear`] : found(each, `${at}.${key}`);
    });
  };
  return resources.flatMap(({ type, label, bodies }) => found(bodies, `${type}.${label}`));
}

const record = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}; // JSON: an object that is no list
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
