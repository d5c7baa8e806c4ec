import { demandAny } from '../guests/config-privileges.ts';
import { refused } from '../guests/work.ts';
import type { Call } from '../behaviour.ts';
import { flagParam, textParam } from '../behaviours/common.ts';
import type { Row } from '../state/model.ts';
import { isSet } from './selection.ts';

/** PVE::VZDump::verify_vzdump_parameters, for backups and for backup jobs. */
export function verifyParameters(job: Row): void {
  for (const other of ['all', 'exclude', 'pool']) {
    const given = other === 'all' ? isSet(job[other]) : Boolean(job[other]);
    if (given && job['vmid']) throw refused({ [other]: "option conflicts with option 'vmid'" });
  }
  const template = job['notes-template'];
  if (typeof template === 'string' && template.includes('\n')) {
    throw refused({ 'notes-template': 'contains a line feed' });
  }
  const all = isSet(job['all']) || (job['exclude'] !== undefined && !job['pool']);
  if (!all && !isSet(job['stop']) && !job['pool'] && !job['vmid']) throw refused({ vmid: 'property is missing' });
}

/** What not everybody may set (PVE::API2::Backup::assert_param_permission_common). */
export function checkCommonOptions(call: Call): void {
  if (call.caller.authid === 'root@pam') return;
  for (const key of ['tmpdir', 'dumpdir', 'script']) {
    if (call.params[key] !== undefined) throw refused({ [key]: 'Only root may set this option.' });
  }
  if (['bwlimit', 'ionice', 'performance'].some((key) => call.params[key] !== undefined)) {
    demandAny(call, '/', ['Sys.Modify']);
  }
  const fleecing = /(?:^|,)storage=([^,]+)/.exec(textParam(call, 'fleecing') ?? '')?.[1];
  if (fleecing !== undefined) demandAny(call, `/storage/${fleecing}`, ['Datastore.Allocate']);
}

/** Kept out of the command line that a log begins with. */
const NOT_SHOWN = new Set(['vmid', 'stdout', 'job-id', 'id', 'starttime', 'dow', 'quiet']);

/** PVE::VZDump::Common::command_line. */
export function commandLine({ params }: Call): string {
  const ids =
    params['vmid'] === undefined
      ? ''
      : ` ${String(params['vmid'])
          .split(/[\s,;\0]+/)
          .join(' ')}`;
  const options = Object.entries(params).flatMap(([key, value]) => {
    if (NOT_SHOWN.has(key) || value === undefined || value === null || value === '') return [];
    const shown = value === true ? '1' : value === false ? '0' : String(value);
    return ` --${key} ${quoted(shown)}`;
  });
  return `vzdump${ids}${options.join('')}`;
}

/** As String::ShellQuote writes a word. */
function quoted(text: string): string {
  return /^[\w!%+,\-./:=@^]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export interface BackupOptions {
  mode: 'snapshot' | 'suspend' | 'stop';
  /** The last part of an archive's name: '', 'gz', 'lzo' or 'zst'. */
  ending: '' | 'gz' | 'lzo' | 'zst';
  storage: string;
  remove: boolean;
  /** `keep-last=3,…`; undefined = as the storage says. */
  retention: string | undefined;
  notesTemplate: string | undefined;
  protected: boolean;
  ionice: number;
  /** Minutes that another job on the node is waited for. */
  lockwait: number;
  /** Seconds that a guest is given to end itself. */
  stopwait: number;
}

const ENDINGS: Record<string, BackupOptions['ending']> = { '0': '', '1': 'lzo', lzo: 'lzo', gzip: 'gz', zstd: 'zst' };

/** The options of one run; absent ones as vzdump has them by default. */
export function backupOptions(call: Call): BackupOptions {
  const mode = textParam(call, 'mode') ?? 'snapshot';
  return {
    mode: mode === 'stop' || mode === 'suspend' ? mode : 'snapshot',
    ending: ENDINGS[textParam(call, 'compress') ?? '0'] ?? '',
    storage: textParam(call, 'storage') ?? 'local',
    remove: call.params['remove'] === undefined || flagParam(call, 'remove'),
    retention: textParam(call, 'prune-backups'),
    notesTemplate: textParam(call, 'notes-template'),
    protected: flagParam(call, 'protected'),
    ionice: Number(textParam(call, 'ionice') ?? 7),
    lockwait: Number(textParam(call, 'lockwait') ?? 180),
    stopwait: Number(textParam(call, 'stopwait') ?? 10) * 60,
  };
}
