import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { poolUsed } from './load.ts';
import { startChanging, type Changing } from './testing/changing.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown];

const ONE = '/nodes/pve-node01';
const TWO = '/nodes/pve-node02';
const NFS = { storage: 'nfs-backup', compress: 'zstd' };
const BACKUP = `POST ${TWO}/vzdump`;
const field = (name: string, text: string): unknown => ({ [name]: text });

const STORIES: Record<string, Step[]> = {
  'what is refused at once': [
    [BACKUP, { ...NFS }, field('vmid', 'property is missing')],
    [BACKUP, { ...NFS, vmid: '104', all: true }, field('all', "option conflicts with option 'vmid'")],
    [BACKUP, { ...NFS, vmid: '104', exclude: '203' }, field('exclude', "option conflicts with option 'vmid'")],
    [BACKUP, { ...NFS, vmid: '104', pool: 'p' }, field('pool', "option conflicts with option 'vmid'")],
    [
      BACKUP,
      { ...NFS, vmid: '104', stdout: true },
      field('stdout', 'option is only allowed on the command line interface.'),
    ],
    [BACKUP, { ...NFS, vmid: '104', 'notes-template': 'a\nb' }, field('notes-template', 'contains a line feed')],
  ],
  'what another node has is not this one’s': [[BACKUP, { ...NFS, vmid: '100,101' }, 'OK']],
  'what fails in the task': [
    [
      BACKUP,
      { vmid: '104', storage: 'none-such' },
      "could not get storage information for 'none-such': storage 'none-such' does not exist",
    ],
    [
      BACKUP,
      { vmid: '104', storage: 'local-zfs' },
      "could not get storage information for 'local-zfs': can't use storage type 'zfspool' for backup",
    ],
    [
      BACKUP,
      { vmid: '104', storage: 'backup-pool' },
      "could not get storage information for 'backup-pool': storage 'backup-pool' is not available on node 'pve-node02'",
    ],
    [BACKUP, { vmid: '999', ...NFS }, 'job errors'],
    [`POST ${ONE}/vzdump`, { vmid: '100', mode: 'stop', ...NFS }, 'job errors'],
  ],
};

describe('backups of guests', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end] of steps) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });

  it('leaves an archive with notes, in the words of vzdump', async () => {
    const { state, clock } = lab.sandbox;
    const before = archives('nfs-backup', 104).length;
    const params = { ...NFS, vmid: '104', 'notes-template': '{{guestname}} on {{node}}', protected: true };
    expect(await lab.done(BACKUP, params)).toBe('OK');
    const log = lab.log();
    expect(
      log.map((line) => line.replaceAll(/\d+(?:\.\d+)?/g, 'N')).filter((line) => !/%|transferred/.test(line)),
    ).toEqual([
      "INFO: starting new backup job: vzdump N --node pve-nodeN --storage nfs-backup --compress zstd --notes-template '{{guestname}} on {{node}}' --protected N",
      'INFO: Starting Backup of VM N (qemu)',
      'INFO: Backup started at N-N-N N:N:N',
      'INFO: status = stopped',
      'INFO: backup mode: stop',
      'INFO: ionice priority: N',
      'INFO: VM Name: build-agent',
      "INFO: include disk 'scsiN' 'local-zfs:vm-N-disk-N' NG",
      "INFO: creating vzdump archive '/mnt/pve/nfs-backup/dump/vzdump-qemu-N-N_N_N-N_N_N.vma.zst'",
      'INFO: starting kvm to execute backup task',
      expect.stringMatching(/^INFO: started backup task '.*'$/),
      'INFO: stopping kvm after backup task',
      'INFO: archive file size: NGB',
      'INFO: adding notes to backup',
      'INFO: marking backup as protected',
      'INFO: prune older backups with retention: keep-last=N',
      'INFO: pruned N backup(s)',
      'INFO: Finished Backup of VM N (N:N:N)',
      'INFO: Backup finished at N-N-N N:N:N',
      'INFO: Backup job finished successfully',
      'TASK OK',
    ]);
    expect(log.some((line) => /^INFO: 100% \(.* of .*\) in .*, read: .*\/s, write: .*\/s$/.test(line))).toBe(true);
    const [made, ...others] = archives('nfs-backup', 104).sort((a, b) => Number(b['ctime']) - Number(a['ctime']));
    expect(others.length).toBe(before);
    expect(made).toMatchObject({
      notes: 'build-agent on pve-node02',
      protected: 1,
      subtype: 'qemu',
      format: 'vma.zst',
    });
    const path = `${TWO}/storage/nfs-backup/content/${encodeURIComponent(String(made?.volid))}`;
    expect(await lab.call(`GET ${path}`)).toMatchObject({ protected: 1, notes: 'build-agent on pve-node02' });
    expect(
      await lab.call(`GET ${TWO}/vzdump/extractconfig?volume=${encodeURIComponent(String(made?.volid))}`),
    ).toContain('name: build-agent\n');
    expect(state.guests.get(104)?.config['lock']).toBeUndefined();
    expect(clock.now()).toBeGreaterThan(0);
  });

  it('tells a description as the file of the guest has it: as comments, line by line', async () => {
    await lab.call(`PUT ${TWO}/qemu/104/config`, { description: 'Owner: Zoë\n50% done' });
    expect(await lab.done(BACKUP, { ...NFS, vmid: '104' })).toBe('OK');
    const volid = String(archives('nfs-backup', 104).sort((a, b) => Number(b['ctime']) - Number(a['ctime']))[0]?.volid);
    const text = await lab.call(`GET ${TWO}/vzdump/extractconfig?volume=${encodeURIComponent(volid)}`);
    expect(text).toMatch(/^#Owner%3A Zo%C3%AB\n#50% done\n/);
    expect(text).not.toContain('description:');
  });

  it('locks the guest, takes room while it runs, and gives it back when stopped', async () => {
    const { state, clock, tasks } = lab.sandbox;
    const guest = state.guests.get(102);
    const pool = state.nodes.get('pve-node01')?.storages.get('nfs-backup')?.pool;
    if (!pool) throw new Error('the demo cluster has this storage');
    const used = (): number => poolUsed(state, { ...pool, growthPerDay: 0 }, state.start);
    const before = used();
    const upid = String(await lab.call(`POST ${ONE}/vzdump`, { ...NFS, vmid: '102' }));
    await clock.advance(60_000);
    expect(guest?.config['lock']).toBe('backup');
    expect(used()).toBeGreaterThan(before);
    expect(await lab.call(`PUT ${ONE}/qemu/102/config`, { cores: 2 })).toBe('VM is locked (backup)');
    tasks.stop(upid);
    await clock.advance(1000);
    expect(tasks.find(upid)?.status).toBe('interrupted by signal');
    expect(lab.log().filter((line) => line.startsWith('ERROR'))).toEqual([
      'ERROR: Backup of VM 102 failed - interrupted by signal',
      'ERROR: Backup job failed - interrupted by signal',
    ]);
    expect(guest?.config['lock']).toBeUndefined();
    expect(used()).toBe(before);
  });

  it('goes on with the other guests where one fails', async () => {
    const { state } = lab.sandbox;
    const guest = state.guests.get(203);
    if (guest) guest.config = { ...guest.config, lock: 'disk' };
    expect(await lab.done(BACKUP, { ...NFS, vmid: '202,203,999', mode: 'snapshot' })).toBe('job errors');
    const log = lab.log();
    expect(log).toContain('ERROR: Backup of VM 203 failed - CT is locked (disk)');
    expect(log).toContain("ERROR: Backup of VM 999 failed - unable to find VM '999'");
    expect(log).toContain("INFO: create storage snapshot 'vzdump'");
    expect(log.filter((line) => line.includes('Finished Backup of'))).toHaveLength(1);
    expect(log.slice(-2)).toEqual(['INFO: Backup job finished with errors', 'TASK ERROR: job errors']);
    expect(guest?.config['lock']).toBe('disk');
  });

  it('stops or pauses a guest as the mode says', async () => {
    const { state, clock } = lab.sandbox;
    const guest = state.guests.get(110);
    const before = guest?.bootTime;
    await lab.call(BACKUP, { ...NFS, vmid: '110', mode: 'suspend' });
    await clock.advance(500);
    expect(guest?.qmpstatus).toBe('paused');
    await clock.advance(3_600_000);
    expect([guest?.status, guest?.qmpstatus, guest?.bootTime]).toEqual(['running', undefined, before]);
    await lab.call(BACKUP, { ...NFS, vmid: '110', mode: 'stop' });
    await clock.advance(1000);
    expect(guest?.config['lock']).toBe('backup');
    await clock.advance(3_600_000);
    expect(guest?.status).toBe('running');
    expect(guest?.bootTime).toBeGreaterThan(before ?? 0);
    expect(lab.log().join('\n')).toMatch(
      /stopping virtual guest\n.*\n.*starting kvm[^]*resuming VM again after \d+ seconds/,
    );
  });

  it('removes what the retention does not cover, but nothing that is protected', async () => {
    const old = archives('nfs-backup', 110).length;
    expect(old).toBe(5);
    expect(await lab.done(BACKUP, { ...NFS, vmid: '110', 'prune-backups': 'keep-last=2' })).toBe('OK');
    expect(archives('nfs-backup', 110)).toHaveLength(2);
    expect(lab.log()).toContain('INFO: pruned 4 backup(s) not covered by keep-retention policy');
    expect(await lab.done(BACKUP, { ...NFS, vmid: '110', 'prune-backups': 'keep-last=2', remove: false })).toBe(
      'job errors',
    );
    expect(lab.log().join('\n')).toContain('There is a max backup limit of 2 enforced by the target storage');
  });

  it('fails where the storage is full, and leaves nothing there', async () => {
    const pool = lab.sandbox.state.nodes.get('pve-node02')?.storages.get('local')?.pool;
    if (!pool) throw new Error('the demo cluster has this storage');
    pool.base = pool.total - 2 * 1024 ** 3;
    const before = pool.volumes;
    expect(await lab.done(BACKUP, { vmid: '110', storage: 'local', compress: 'zstd' })).toBe('job errors');
    expect(lab.log()).toContain('ERROR: Backup of VM 110 failed - vma_queue_write: write error - Broken pipe');
    expect(pool.volumes).toBe(before);
    expect(pool.base).toBe(pool.total - 2 * 1024 ** 3);
  });

  it('packs a container as its storage and the mode allow', async () => {
    const { state, clock } = lab.sandbox;
    const guest = state.guests.get(202);
    await lab.done('POST /storage', { storage: 'files', type: 'dir', path: '/files', content: 'rootdir' });
    await lab.done(`PUT ${TWO}/lxc/202/config`, { mp0: 'files:1,mp=/data,backup=1', mp1: 'files:1,mp=/scratch' });
    expect(await lab.done(BACKUP, { ...NFS, vmid: '202' })).toBe('OK');
    const log = lab.log();
    expect(log).toContain("INFO: including mount point mp0 ('/data') in backup");
    expect(log).toContain("INFO: excluding volume mount point mp1 ('/scratch') from backup (disabled)");
    expect(log).toContain("INFO: trying 'suspend' mode instead");
    expect(log).toContain('INFO: backup mode: suspend');
    await lab.call(BACKUP, { ...NFS, vmid: '202', mode: 'stop' });
    await clock.advance(10_000);
    expect([guest?.status, guest?.config['lock']]).toEqual(['stopped', 'backup']);
    await clock.advance(600_000);
    expect([guest?.status, guest?.config['lock']]).toEqual(['running', undefined]);
    expect(lab.log()).toContain('INFO: restarting vm');
  });

  it('goes to a Proxmox Backup Server and comes back', async () => {
    const pbs = { storage: 'pbs', type: 'pbs', server: 'pbs.example.org', datastore: 'main', username: 'u@pbs' };
    expect(await lab.call('POST /storage', pbs)).toEqual({ storage: 'pbs', type: 'pbs' });
    expect(await lab.done(BACKUP, { vmid: '104', storage: 'pbs' })).toBe('OK');
    const volid = 'pbs:backup/vm/104/2026-02-23T10:00:00Z';
    expect(lab.log()).toContain("INFO: creating Proxmox Backup Server archive 'vm/104/2026-02-23T10:00:00Z'");
    expect(await lab.call(`GET ${ONE}/storage/pbs/content`)).toMatchObject([{ volid, format: 'pbs-vm', vmid: 104 }]);
    const restore = { vmid: 106, archive: volid, storage: 'local-zfs', 'live-restore': true };
    expect(await lab.done(`POST ${TWO}/qemu`, restore)).toBe('OK');
    expect(await lab.call(`GET ${TWO}/qemu/106/config`)).toMatchObject({ name: 'build-agent' });
    const path = `${TWO}/storage/pbs/content/${encodeURIComponent(volid)}`;
    expect(await lab.done(`DELETE ${path}`)).toBe('OK');
  });

  it('runs one job at a time on a node', async () => {
    const first = String(await lab.call(BACKUP, { ...NFS, vmid: '110' }));
    const second = String(await lab.call(BACKUP, { ...NFS, vmid: '104' }));
    await lab.sandbox.clock.advance(5000);
    expect(lab.log()).toEqual(['INFO: trying to get global lock - waiting...']);
    await lab.sandbox.clock.advance(7_200_000);
    expect([first, second].map((upid) => lab.sandbox.tasks.find(upid)?.status)).toEqual(['OK', 'OK']);
    expect(lab.log()[1]).toBe('INFO: got global lock');
  });
});

function archives(storage: string, vmid: number) {
  const pool = lab.sandbox.state.nodes.get('pve-node02')?.storages.get(storage)?.pool;
  return pool?.volumes.filter((one) => one.content === 'backup' && one.vmid === vmid) ?? [];
}
