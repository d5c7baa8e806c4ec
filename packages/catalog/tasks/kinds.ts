/** What a task type does, in words, and the kind of guest that its id is then about. */
export interface TaskKind {
  readonly action: string;
  readonly says: string;
  readonly guest?: 'qemu' | 'lxc' | 'either';
}

const vm = (action: string, says: string): TaskKind => ({ action, says, guest: 'qemu' });
const ct = (action: string, says: string): TaskKind => ({ action, says, guest: 'lxc' });
const either = (action: string, says: string): TaskKind => ({ action, says, guest: 'either' });
const other = (action: string, says: string): TaskKind => ({ action, says });

/** Task types (pve-manager www/manager6/Utils.js); one that is not here is shown by its own name. */
const kinds: Readonly<Record<string, TaskKind>> = {
  qmcreate: vm('create', 'create VM'),
  qmrestore: vm('restore', 'restore VM'),
  qmstart: vm('start', 'start VM'),
  qmstop: vm('stop', 'stop VM'),
  qmshutdown: vm('shutdown', 'shut down VM'),
  qmreboot: vm('reboot', 'reboot VM'),
  qmreset: vm('reset', 'reset VM'),
  qmpause: vm('suspend', 'pause VM'),
  qmsuspend: vm('suspend', 'hibernate VM'),
  qmresume: vm('resume', 'resume VM'),
  qmclone: vm('clone', 'clone VM'),
  qmmove: vm('move', 'move disk of VM'),
  qmconfig: vm('configure', 'configure VM'),
  qmdestroy: vm('destroy', 'destroy VM'),
  qmsnapshot: vm('snapshot', 'snapshot VM'),
  qmrollback: vm('rollback', 'roll back VM'),
  qmdelsnapshot: vm('delete-snapshot', 'delete snapshot of VM'),
  qmtemplate: vm('template', 'make template of VM'),
  qmigrate: vm('migrate', 'migrate VM'),
  vzcreate: ct('create', 'create container'),
  vzrestore: ct('restore', 'restore container'),
  vzstart: ct('start', 'start container'),
  vzstop: ct('stop', 'stop container'),
  vzshutdown: ct('shutdown', 'shut down container'),
  vzreboot: ct('reboot', 'reboot container'),
  vzsuspend: ct('suspend', 'suspend container'),
  vzresume: ct('resume', 'resume container'),
  vzclone: ct('clone', 'clone container'),
  vzdestroy: ct('destroy', 'destroy container'),
  vzsnapshot: ct('snapshot', 'snapshot container'),
  vzrollback: ct('rollback', 'roll back container'),
  vzdelsnapshot: ct('delete-snapshot', 'delete snapshot of container'),
  vztemplate: ct('template', 'make template of container'),
  vzmigrate: ct('migrate', 'migrate container'),
  move_volume: ct('move', 'move volume of container'),
  vzdump: either('backup', 'backup'),
  resize: either('resize', 'resize disk'),
  hastart: either('start', 'HA start'),
  hastop: either('stop', 'HA stop'),
  hamigrate: either('migrate', 'HA migrate'),
  vncproxy: either('console', 'console'),
  spiceproxy: either('console', 'console (SPICE)'),
  vncshell: other('console', 'shell of node'),
  imgcopy: other('upload', 'upload'),
  imgdel: other('delete-image', 'delete volume'),
  download: other('download', 'download file'),
  ociregistrypull: other('download', 'pull container image'),
  prunebackups: other('prune', 'prune backups'),
  startall: other('start-all', 'start all guests'),
  stopall: other('stop-all', 'stop all guests'),
  suspendall: other('suspend-all', 'suspend all guests'),
  migrateall: other('migrate-all', 'migrate all guests'),
  aptupdate: other('update', 'update package database'),
  srvstart: other('service', 'start service'),
  srvstop: other('service', 'stop service'),
  srvrestart: other('service', 'restart service'),
  srvreload: other('service', 'reload service'),
  reloadnetworkall: other('service', 'reload network'),
  zfscreate: other('storage', 'create ZFS pool'),
  zfsremove: other('storage', 'remove ZFS pool'),
  dircreate: other('storage', 'create directory storage'),
  wipedisk: other('storage', 'wipe disk'),
  diskinit: other('storage', 'initialise disk'),
  clustercreate: other('cluster', 'create cluster'),
  clusterjoin: other('cluster', 'join cluster'),
  'auth-realm-sync': other('realm-sync', 'sync realm'),
};

/** What a task of this type does. */
export function kindOf(type: string): TaskKind {
  return kinds[type] ?? { action: type, says: type };
}

/** The one task type of an action, where only one has it: Proxmox can then filter for it. */
export function onlyTypeOf(action: string): string | undefined {
  const types = Object.entries(kinds).filter(([, kind]) => kind.action === action);
  return types.length === 1 ? types[0]?.[0] : undefined;
}

/** The words for actions: "who stopped 104?", "list the migrations". */
export const actionWords: Readonly<Record<string, string>> = {
  start: 'start|started|starting|boot|booted|power on|powered on|switched on|turned on',
  stop: 'stop|stopped|stopping|kill|killed|power off|powered off|switched off|turned off',
  shutdown: 'shutdown|shut down|shutting down',
  reboot: 'reboot|rebooted|restart|restarted',
  reset: 'reset',
  suspend: 'suspend|suspended|pause|paused|hibernate|hibernated',
  resume: 'resume|resumed|unpause|unpaused',
  create: 'create|created|creation',
  clone: 'clone|cloned|cloning|copied',
  destroy: 'destroy|destroyed|delete|deleted|deletion|remove|removed|removal|destruction',
  snapshot: 'snapshot|snapshotted|take snapshot',
  rollback: 'rollback|rolled back|roll back|revert|reverted',
  'delete-snapshot': 'delete snapshot|deleted snapshot|snapshot removal',
  template: 'template conversion|converted to template',
  migrate: 'migrate|migrated|migration|migrating|live migration',
  move: 'move disk|moved disk|disk move|storage migration',
  configure: 'configure|configured|reconfigured|config change|configuration change',
  resize: 'resize|resized|resizing',
  backup: 'backup|vzdump|dump',
  restore: 'restore|restored|restoring|restoration',
  console: 'console|vnc|shell|console session',
  upload: 'upload|uploaded',
  download: 'download|downloaded',
  prune: 'prune|pruned|pruning',
  'delete-image': 'volume deletion|image deletion|deleted volume',
  update: 'apt update|package list update|package database update',
  'start-all': 'bulk start|start all',
  'stop-all': 'bulk stop|stop all',
  'migrate-all': 'bulk migrate|migrate all|bulk migration',
  service: 'service restart|service change|service',
};
