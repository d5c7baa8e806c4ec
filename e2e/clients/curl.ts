import { present, run } from '../command.ts';
import type { Door } from './door.ts';
import type { Check, Outcome } from './report.ts';

/** What curl got. `data` is null where the body is empty or no JSON. */
interface Reply {
  status: number;
  data: unknown;
}

type Headers = readonly string[];

/** A row of /cluster/resources, as far as it is looked at here. */
type Row = Partial<Record<string, string | number>>;

/** What a read must give: a word for what is wrong, or nothing. */
type Expect = (data: unknown) => string | undefined;

const listOf =
  (...keys: string[]): Expect =>
  (data) => {
    if (!Array.isArray(data) || data.length === 0) return 'no list, or an empty one';
    const without = keys.find((key) => data.some((row) => !has(row, key)));
    return without === undefined ? undefined : `a row without ${without}`;
  };

const objectWith =
  (...keys: string[]): Expect =>
  (data) => {
    const without = keys.find((key) => !has(data, key));
    return without === undefined ? undefined : `no ${without}`;
  };

/** The read operations that guides to the API list, in their order, and what each must give. */
const reads: [name: string, path: string, expect: Expect][] = [
  ['list VMs', '/nodes/{node}/qemu', listOf('vmid', 'name', 'status')],
  ['VM status', '/nodes/{node}/qemu/{vm}/status/current', objectWith('status', 'vmid', 'qmpstatus', 'ha')],
  ['VM config', '/nodes/{node}/qemu/{vm}/config', objectWith('digest', 'memory')],
  ['list containers', '/nodes/{node}/lxc', listOf('vmid', 'name', 'status')],
  ['container status', '/nodes/{node}/lxc/{ct}/status/current', objectWith('status', 'vmid', 'ha')],
  ['list storage', '/storage', listOf('storage', 'type', 'content')],
  ['node storage', '/nodes/{node}/storage', listOf('storage', 'total', 'used', 'avail')],
  ['storage content', '/nodes/{node}/storage/{storage}/content', listOf('volid', 'size', 'format')],
  ['list snapshots', '/nodes/{node}/qemu/{vm}/snapshot', listOf('name', 'description')],
  ['list backup jobs', '/cluster/backup', listOf('id')],
  ['node status', '/nodes/{node}/status', objectWith('cpuinfo', 'memory', 'loadavg', 'uptime')],
  ['cluster status', '/cluster/status', listOf('type', 'name', 'id')],
  ['tasks', '/nodes/{node}/tasks', listOf('upid', 'type', 'user')],
  ['next VM id', '/cluster/nextid', (data) => (/^\d{3,}$/.test(String(data)) ? undefined : 'no id')],
];

/** curl, following the reads of a guide to the API: a login with its ticket and cookie, and a token. */
export async function runCurl(door: Door): Promise<Outcome> {
  const client = 'curl';
  if (!present('curl', '--version')) return { client, skipped: 'there is no curl' };
  const login = await request(
    door,
    'POST',
    '/access/ticket',
    [],
    [`username=${door.username}`, `password=${door.password}`],
  );
  const { ticket, CSRFPreventionToken: csrf } = login.data as Record<string, string>; // checked by the next line
  const checks: Check[] = [judge('login', login, objectWith('ticket', 'CSRFPreventionToken', 'cap'))];
  const cookie = [`Cookie: PVEAuthCookie=${encodeURIComponent(ticket ?? '')}`];
  const token = [`Authorization: PVEAPIToken=${door.tokenId}=${door.tokenSecret}`];
  for (const [how, headers] of [
    ['ticket', cookie],
    ['token', token],
  ] as const)
    checks.push(...(await readAll(door, how, headers)));
  checks.push(...(await writeGuards(door, cookie, csrf ?? '')));
  checks.push(await untrusted(door));
  return { client, checks };
}

async function readAll(door: Door, how: string, headers: Headers): Promise<Check[]> {
  const here = await placesOf(door, headers);
  return Promise.all(
    reads.map(async ([name, path, expect]) => {
      const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => here[key] ?? `no-${key}`);
      return judge(`${name} by ${how}`, await request(door, 'GET', filled, headers), expect);
    }),
  );
}

/** A node that has a VM, a container and a storage with images, to put into the paths. */
async function placesOf(door: Door, headers: Headers): Promise<Record<string, string>> {
  const { data } = await request(door, 'GET', '/cluster/resources', headers);
  const rows = (Array.isArray(data) ? data : []) as Row[]; // checked by what is read with them
  const named = (row: Row | undefined, key: string): string => String(row?.[key] ?? '');
  const ct = rows.find((row) => row['type'] === 'lxc' && row['status'] === 'running');
  const node = named(ct, 'node');
  const vm = rows.find((row) => row['type'] === 'qemu' && row['node'] === node && row['status'] === 'running');
  const storage = rows.find(
    (row) => row['type'] === 'storage' && row['node'] === node && named(row, 'content').includes('images'),
  );
  return { node, vm: named(vm, 'vmid'), ct: named(ct, 'vmid'), storage: named(storage, 'storage') };
}

/** A ticket alone does not write: the CSRF token belongs to it. No ticket, no answer. */
async function writeGuards(door: Door, cookie: Headers, csrf: string): Promise<Check[]> {
  const path = '/nodes/no-such-node/startall';
  const without = await request(door, 'POST', path, cookie);
  const withIt = await request(door, 'POST', path, [...cookie, `CSRFPreventionToken: ${csrf}`]);
  const nobody = await request(door, 'GET', '/version', []);
  return [
    expectStatus('a write without the CSRF token is refused', without, (status) => status === 401),
    expectStatus('a write with the CSRF token is let in', withIt, (status) => status !== 401),
    expectStatus('a read without a ticket is refused', nobody, (status) => status === 401),
  ];
}

/** Without the sandbox's certificate as its CA, curl must refuse to talk. */
async function untrusted(door: Door): Promise<Check> {
  const name = 'a certificate that was not given is refused';
  const ended = await run('curl', ['--silent', '--show-error', `${door.url}/api2/json/version`]);
  return ended.ok ? { name, problem: 'curl accepted it' } : { name };
}

async function request(
  door: Door,
  method: string,
  path: string,
  headers: Headers,
  form: readonly string[] = [],
): Promise<Reply> {
  const common = ['--silent', '--show-error', '--max-time', '20', '--cacert', door.caFile];
  const ended = await run('curl', [
    ...common,
    '--write-out',
    '\n%{http_code}',
    '--request',
    method,
    ...headers.flatMap((header) => ['--header', header]),
    ...form.flatMap((pair) => ['--data-urlencode', pair]),
    `${door.url}/api2/json${path}`,
  ]);
  const split = ended.stdout.lastIndexOf('\n');
  return { status: Number(ended.stdout.slice(split + 1)), data: dataOf(ended.stdout.slice(0, Math.max(0, split))) };
}

function dataOf(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return has(parsed, 'data') ? parsed.data : null;
  } catch {
    return null;
  }
}

function judge(name: string, { status, data }: Reply, expect: Expect): Check {
  const problem = status === 200 ? expect(data) : `status ${status}`;
  return problem === undefined ? { name } : { name, problem };
}

function expectStatus(name: string, { status }: Reply, right: (status: number) => boolean): Check {
  return right(status) ? { name } : { name, problem: `status ${status}` };
}

function has<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}
