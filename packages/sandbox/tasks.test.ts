import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseUpid } from '@pxa/pve/upid';
import { PveError } from './behaviour.ts';
import type { Sandbox } from './sandbox.ts';
import { LAB_NOW_S, startLab, withToken, type SECRETS } from './testing/lab.ts';
import { ask } from './testing/raw.ts';

let lab: Sandbox;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

type Id = keyof typeof SECRETS;
type Row = Record<string, unknown>;
interface Envelope {
  data: Row[];
  total?: number;
  message?: string;
  errors?: Record<string, string>;
}

async function get(path: string, id: Id = 'root@pam!sandbox', method = 'GET'): Promise<Envelope> {
  return JSON.parse((await ask(lab.url, `${method} /api2/json${path}`, withToken(id))).body) as Envelope;
}

const names = (rows: Row[]): string[] => rows.map((row) => `${String(row['type'])} ${String(row['id'])}`.trim());
const ALL = ['qmstart 100', 'qmsnapshot 101', 'qmstart 107', 'vzdump', 'qmclone 100'];

describe('GET /nodes/{node}/tasks', () => {
  it.each([
    ['', ALL, 5],
    ['?source=all', ['vzdump 101', ...ALL], 6],
    ['?source=active', ['vzdump 101'], 1],
    ['?limit=2', ALL.slice(0, 2), 5],
    ['?limit=0', [], 5],
    ['?start=3&limit=10', ALL.slice(3), 5],
    ['?start=9', [], 5],
    ['?typefilter=vzdump', ['vzdump'], 1],
    ['?typefilter=vz', [], undefined],
    ['?userfilter=ANNA', ['qmsnapshot 101', 'qmstart 107'], 2],
    ['?userfilter=!full', ['qmsnapshot 101'], 1],
    ['?vmid=100', ['qmstart 100', 'qmclone 100'], 2],
    ['?errors=1', ['qmstart 107', 'vzdump', 'qmclone 100'], 3],
    ['?statusfilter=error', ['qmstart 107'], 1],
    ['?statusfilter=ok,warning', ['qmstart 100', 'qmsnapshot 101', 'vzdump'], 3],
    ['?statusfilter=unknown', ['qmclone 100'], 1],
    ['?errors=1&statusfilter=ok', ['qmstart 107', 'vzdump', 'qmclone 100'], 3],
    [`?since=${LAB_NOW_S - 200}`, ['qmstart 100', 'qmsnapshot 101'], 2],
    [`?until=${LAB_NOW_S - 400}`, ['vzdump', 'qmclone 100'], 2],
  ])('%s', async (query, expected, total) => {
    const answer = await get(`/nodes/pve1/tasks${query}`);
    expect(names(answer.data)).toEqual(expected);
    expect(answer.total).toBe(total);
  });

  it('shows a user the own tasks and those of the own tokens, a token only its own', async () => {
    const asAnna = lab.auth.ticketFor('anna@pve');
    const headers = { Cookie: `PVEAuthCookie=${encodeURIComponent(asAnna.ticket)}` };
    const { body } = await ask(lab.url, 'GET /api2/json/nodes/pve1/tasks?source=all', headers);
    expect(names((JSON.parse(body) as Envelope).data)).toEqual(['vzdump 101', 'qmsnapshot 101', 'qmstart 107']);
    expect(names((await get('/nodes/pve1/tasks', 'anna@pve!full')).data)).toEqual(['qmsnapshot 101']);
    expect(names((await get('/nodes/pve2/tasks', 'anna@pve!full')).data)).toEqual(['vzstart 200']);
  });

  it('splits the token from the user once a task has ended', async () => {
    const { data } = await get('/nodes/pve1/tasks?userfilter=!full');
    expect(data[0]).toMatchObject({ user: 'anna@pve', tokenid: 'full', status: 'OK' });
    lab.tasks.start({ type: 'qmstop', id: '1', node: 'pve1', user: 'anna@pve!full', run: (task) => task.wait(1000) });
    const running = (await get('/nodes/pve1/tasks?source=active&userfilter=!full')).data;
    expect(running[0]).toMatchObject({ user: 'anna@pve!full', status: 'RUNNING' });
  });
});

describe('one task', () => {
  const upids = async (): Promise<string[]> =>
    (await get('/nodes/pve1/tasks?source=all')).data.map((row) => encodeURIComponent(String(row['upid'])));

  it('has a status, with the exit status once it has stopped', async () => {
    const [running = '', ended = ''] = await upids();
    expect((await get(`/nodes/pve1/tasks/${running}/status`)).data).toMatchObject({
      status: 'running',
      type: 'vzdump',
    });
    const stopped = (await get(`/nodes/pve1/tasks/${ended}/status`)).data;
    expect(stopped).toMatchObject({ status: 'stopped', exitstatus: 'OK' });
    expect(stopped).not.toHaveProperty('endtime');
  });

  it('lists what can be asked about it', async () => {
    const [upid = ''] = await upids();
    expect((await get(`/nodes/pve1/tasks/${upid}`)).data).toEqual([{ name: 'log' }, { name: 'status' }]);
  });

  it.each([
    ['status', 'UPID:pve1:0:0:0:x:y:z:', 'unable to parse worker upid'],
    ['status', 'UPID:pve1:00000001:00000001:00000001:x:y:z:', 'no such task'],
    ['log', 'nonsense', 'unable to parse worker upid'],
  ])('400: %s of %s', async (what, upid, text) => {
    expect(await get(`/nodes/pve1/tasks/${upid}/${what}`)).toMatchObject({ errors: { upid: text } });
  });

  it('403: of somebody else', async () => {
    const [, , , , , roots = ''] = await upids();
    expect((await get(`/nodes/pve1/tasks/${roots}/status`, 'anna@pve!full')).message).toBe(
      'Permission check failed (/nodes/pve1, Sys.Audit)\n',
    );
  });

  const texts = (rows: Row[]): unknown[] => rows.map((row) => row['t']);

  it('has a log, in pages', async () => {
    const [, , , , warned = ''] = await upids();
    const log = await get(`/nodes/pve1/tasks/${warned}/log?start=1&limit=1`);
    expect(log).toEqual({ data: [{ n: 2, t: 'WARN: careful' }], total: 3 });
    expect((await get(`/nodes/pve1/tasks/${warned}/log?limit=0`)).data).toHaveLength(3);
  });

  it('has a log that ends in how it ended, even where no other line is known', async () => {
    const [running = '', ok = '', , failed = ''] = await upids();
    const logs = await Promise.all([running, ok, failed].map((upid) => get(`/nodes/pve1/tasks/${upid}/log`)));
    expect(logs.map(({ data }) => texts(data))).toEqual([
      ['no content'],
      ['TASK OK'],
      ['TASK ERROR: start failed: QEMU exited with code 1'],
    ]);
  });

  it('says so where there is no log', async () => {
    const { data } = await get('/nodes/pve1/tasks/UPID:pve1:00000001:00000001:00000001:x:y:z:/log');
    expect(data).toEqual([{ n: 1, t: 'unable to open file - No such file or directory' }]);
  });

  it('gives its log as a file', async () => {
    const [, , , , warned = ''] = await upids();
    const file = await ask(
      lab.url,
      `GET /api2/json/nodes/pve1/tasks/${warned}/log?download=1`,
      withToken('root@pam!sandbox'),
    );
    expect([file.headers['content-type'], file.body]).toEqual([
      'text/plain',
      'INFO: starting\nWARN: careful\nTASK WARNINGS: 1\n',
    ]);
  });

  it('can be stopped', async () => {
    const [running = ''] = await upids();
    expect((await get(`/nodes/pve1/tasks/${running}`, 'root@pam!sandbox', 'DELETE')).data).toBe(null);
    expect((await get(`/nodes/pve1/tasks/${running}/status`)).data).toMatchObject({ exitstatus: 'received interrupt' });
  });
});

describe('a task that runs', () => {
  const start = (run: Parameters<typeof lab.tasks.start>[0]['run']): string =>
    lab.tasks.start({ type: 'qmtest', id: '100', node: 'pve1', user: 'root@pam', run });
  const end = (upid: string): unknown => lab.tasks.find(upid)?.status;

  it("goes on in the sandbox's time", async () => {
    const upid = start(async (task) => {
      task.log('one');
      await task.wait(2000);
      task.log('two');
    });
    expect(parseUpid(upid)).toMatchObject({ node: 'pve1', type: 'qmtest', id: '100', user: 'root@pam' });
    await lab.clock.advance(1999);
    expect([end(upid), lab.tasks.log(upid)]).toEqual([undefined, [{ n: 1, t: 'one' }]]);
    await lab.clock.advance(1);
    expect(end(upid)).toBe('OK');
    expect(lab.tasks.find(upid)?.endtime).toBe(LAB_NOW_S + 2);
    expect(texts(upid)).toEqual(['one', 'two', 'TASK OK']);
  });

  const texts = (upid: string): unknown[] => (lab.tasks.log(upid) ?? []).map(({ t }) => t);

  it.each([
    [new Error('first\nsecond\n'), 'first second'],
    [new PveError(500, 'VM is locked (backup)\n'), 'VM is locked (backup)'],
    [new PveError(403, 'Permission check failed (/, Sys.Audit)\n'), '403 Permission check failed (/, Sys.Audit)'],
    [
      new PveError(400, 'Parameter verification failed.\n', { net0: 'hotplug problem - no\n' }),
      '400 Parameter verification failed. net0: hotplug problem - no',
    ],
  ])('ends with its error, on one line: %s', async (error, status) => {
    const upid = start(() => {
      throw error;
    });
    await lab.clock.advance(0);
    expect([end(upid), texts(upid)]).toEqual([status, [`TASK ERROR: ${status}`]]);
  });

  it('ends with the number of its warnings', async () => {
    const upid = start((task) => task.warn('careful'));
    await lab.clock.advance(0);
    expect([end(upid), texts(upid)]).toEqual(['WARNINGS: 1', ['WARN: careful', 'TASK WARNINGS: 1']]);
  });

  it('may say in its own words that it was stopped', async () => {
    const upid = start(async (task) => {
      await task.wait(1e6).catch(() => {
        throw new Error('clone failed: interrupted by signal');
      });
    });
    lab.tasks.stop(upid);
    await lab.clock.advance(0);
    expect(end(upid)).toBe('clone failed: interrupted by signal');
  });
});

describe('GET /cluster/tasks', () => {
  it('lists what runs and what ended lately, on all nodes', async () => {
    expect(names((await get('/cluster/tasks')).data)).toEqual(['vzdump 101', 'vzstart 200', ...ALL]);
  });

  it('gives a token without Sys.Audit nothing, not even its own tasks', async () => {
    expect((await get('/cluster/tasks', 'anna@pve!full')).data).toEqual([]);
  });
});
