import type { Check } from '../generated.ts';
import { check } from './check.ts';
import { MODULES } from './ansible-modules.ts';
import { rangeProblems } from './ranges.ts';
import { readYaml } from './yaml-read.ts';

type Body = Readonly<Record<string, unknown>>;

const PLAY = new Set(['name', 'hosts', 'connection', 'gather_facts', 'become', 'vars', 'module_defaults', 'tasks']);
const TASK = new Set(['name', 'register', 'when', 'changed_when', 'no_log']);

/** The checks of a playbook, on what a parser of YAML reads of it. */
export function checkAnsible(code: string): Check[] {
  const read = readYaml(code);
  if (!read.ok) return [check('parses', 30, [read.why])];
  const plays = read.documents
    .flatMap((document) => (Array.isArray(document) ? (document as unknown[]) : [document]))
    .map(record);
  const tasks = plays.flatMap(({ tasks: each }) => (Array.isArray(each) ? each.map(record) : []));
  const names = plays.map(({ name }) => String(name));
  return [
    check('parses', 30, []),
    check('is made of plays and tasks', 15, plays.flatMap(playProblems)),
    check('calls modules as they are documented', 25, tasks.flatMap(taskProblems)),
    check('refers to what there is', 15, variableProblems(plays, tasks, read.unsafe)),
    check(
      'names nothing twice',
      5,
      names.filter((name, at) => names.indexOf(name) !== at).map((name) => `the play ${name} twice`),
    ),
    check(
      'has values in sensible ranges',
      10,
      tasks.flatMap((task) => rangeProblems(task, String(task['name']))),
    ),
  ];
}

function playProblems(play: Body): string[] {
  const unknown = Object.keys(play).filter((key) => !PLAY.has(key));
  const missing = ['name', 'hosts', 'tasks'].filter((key) => play[key] === undefined);
  return [...unknown.map((key) => `${key}: no play has it`), ...missing.map((key) => `${key}: every play has it`)];
}

function taskProblems(task: Body): string[] {
  const name = String(task['name']);
  const modules = Object.keys(task).filter((key) => !TASK.has(key));
  const [module = ''] = modules;
  const known = MODULES[module];
  if (task['name'] === undefined) return [`${module}: a task without a name`];
  if (modules.length !== 1 || known === undefined)
    return [`${name}: is to call one module that is known, not ${modules.join(', ')}`];
  const given = record(task[module]);
  const unknown = Object.keys(given).filter((key) => !known.includes(key) && !known.includes(`${key}!`));
  const required = known.filter((key) => key.endsWith('!')).map((key) => key.slice(0, -1));
  return [
    ...(module === 'ansible.builtin.add_host' ? [] : unknown.map((key) => `${name}: ${module} has no ${key}`)),
    ...required.filter((key) => given[key] === undefined).map((key) => `${name}: ${module} needs ${key}`),
  ];
}

/** Every variable of a template is a default of the play, the result of a task before, or asked for at the beginning. */
function variableProblems(plays: readonly Body[], tasks: readonly Body[], unsafe: ReadonlySet<string>): string[] {
  const asked = tasks
    .flatMap((task) => strings(record(task['ansible.builtin.assert'])['that']))
    .map((text) => text.split(' ')[0]);
  const known = new Set([
    ...plays.flatMap(({ vars }) => Object.keys(record(vars))),
    ...tasks.flatMap(({ register }) => (typeof register === 'string' ? [register] : [])),
    ...asked,
    ...tasks.flatMap(({ when }) => (typeof when === 'string' ? [when.split(' ')[0]] : [])),
  ]);
  const used = plays
    .flatMap(strings)
    .filter((text) => !unsafe.has(text))
    .flatMap((text) => [...text.matchAll(/\{\{\s*(\w*)/g)].map(([, name = '']) => name))
    .filter((name) => name !== 'lookup');
  return [...new Set(used)].filter((name) => !known.has(name)).map((name) => `${name} is not set`);
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

const record = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}; // YAML: a map
