import { Command, Option } from 'commander';
import { STATES } from './completion/command-words.ts';
import type { ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import type { GlobalOptions } from './options.ts';
import { isoTime, pveVersion, wholeNumber } from './options.ts';
import { helpAfter } from './help.ts';
import { VERSION } from './version.ts';

/** Does one command; gives its exit code. */
type Action = (io: Io, options: GlobalOptions, operands: string[], own: Record<string, unknown>) => Promise<ExitCode>;

/** The commands and options of `pxa`. Each command's code is loaded when it is called. */
export async function buildProgram(io: Io, setExit: (code: ExitCode) => void): Promise<Command> {
  const program = new Command('pxa')
    .description('Ask your Proxmox VE cluster anything, in plain words.')
    .version(VERSION, '-V, --version', 'print the version')
    .usage('[options] [command | words…]')
    .argument('[words...]', 'what you want to know; without words, a prompt')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('pxa --help shows what there is.')
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', () => helpAfter());
  addGlobalOptions(program);
  const bind = (command: Command, load: () => Promise<Action>): void => {
    command.action(async () => {
      const action = await load();
      setExit(await action(io, program.opts<GlobalOptions>(), command.args, command.opts()));
    });
  };
  bind(program, async () => (await import('./commands/bare.ts')).bare);
  addAsking(program, bind);
  addServing(program, bind);
  addChanging(program, bind);
  addConnecting(program, bind);
  return program;
}

type Bind = (command: Command, load: () => Promise<Action>) => void;

function addGlobalOptions(program: Command): void {
  program
    .option('--json', 'print the whole answer as JSON')
    .option('--jsonl', 'one request a line in on standard input, one JSON answer a line out')
    .option('--explain', 'add to each figure the call that it was read from')
    .option('-q, --quiet', 'leave out the lines that show the calls to Proxmox')
    .option('--conversation <id>', 'go on with an earlier conversation')
    .option('-c, --connection <name>', 'use this saved connection')
    .option('--sandbox', 'use the built-in demo cluster in place of a real one')
    .option('--world <name|file>', 'sandbox: the cluster to load (demo, or a file of raw reads)')
    .option('--seed <n>', 'sandbox: generate a cluster from this seed', wholeNumber('--seed', 0, 2 ** 32 - 1))
    .option('--nodes <n>', 'sandbox: nodes of the generated cluster', wholeNumber('--nodes', 1, 512))
    .option('--guests <n>', 'sandbox: guests of the generated cluster', wholeNumber('--guests', 0, 100_000))
    .option('--faults <file>', 'sandbox: inject the faults of this file')
    .option('--clock <time>', 'sandbox: set its clock (ISO 8601)', isoTime)
    .addOption(new Option('--pve <version>', 'sandbox: behave like this version (8.4 or 9.2)').argParser(pveVersion))
    .option('--no-color', 'no colours (as NO_COLOR does)');
}

function addAsking(program: Command, bind: Bind): void {
  const ask = program.command('ask').description('ask one thing; without words, read it from standard input');
  bind(ask.argument('[words...]', 'what you want to know'), async () => (await import('./commands/ask.ts')).ask);
  const get = program
    .command('get')
    .description('read any path of the Proxmox API (GET only)')
    .argument('<path>', 'the path without /api2/json: /nodes/pve1/qemu')
    .argument('[key=value...]', 'parameters');
  bind(get, async () => (await import('./commands/get.ts')).get);
  const sandbox = program
    .command('sandbox')
    .description('run the built-in Proxmox cluster until Ctrl-C; `export FILE` saves the connected cluster as a world')
    .argument('[action]', 'export')
    .argument('[file]', 'where to write the world')
    .option('--port <n>', 'port to listen on (0: any free one)', wholeNumber('--port', 0, 65_535))
    .option('--control', 'let programs on this machine inject faults while it runs');
  bind(sandbox, async () => (await import('./commands/sandbox.ts')).sandbox);
}

/** The doors that others come through. */
function addServing(program: Command, bind: Bind): void {
  const serve = program
    .command('serve')
    .description('run the REST API until Ctrl-C; with --sandbox, on a cluster of its own')
    .option('--port <n>', 'port to listen on (0: any free one)', wholeNumber('--port', 0, 65_535), 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tls-cert <file>', 'speak TLS with this certificate (PEM, with its chain)')
    .option('--tls-key <file>', 'the key of the certificate (PEM)')
    .option('--behind-proxy', 'a proxy before it speaks TLS')
    .option('--dev', 'for development on this machine: names and passwords are taken, too');
  bind(serve, async () => (await import('./commands/serve.ts')).serve);
  const store = program
    .command('store')
    .description('carry what is kept elsewhere: `export FILE`, and `import FILE` into an empty store')
    .argument('<action>', 'export or import')
    .argument('<file>', 'the file, of JSON lines');
  bind(store, async () => (await import('./commands/store.ts')).store);
}

/** Plans, jobs and their record: each with the id of a plan, an approval or a job. */
function addChanging(program: Command, bind: Bind): void {
  const state = new Option('--state <state>', 'only those').choices(STATES);
  const approvals = program.command('approvals').description('list plans and what became of them').addOption(state);
  bind(approvals, async () => (await import('./commands/plans.ts')).approvals);
  const approve = program.command('approve').description('approve a plan and carry it out');
  approve.argument('<id>', 'the plan');
  approve.option('--type <name>', 'the name that has to be typed for what cannot be taken back');
  bind(approve, async () => (await import('./commands/plans.ts')).approve);
  const cancel = program.command('cancel').description('cancel a plan: nothing is changed');
  bind(cancel.argument('<id>', 'the plan'), async () => (await import('./commands/plans.ts')).cancel);
  const jobs = program.command('jobs').description('list what was carried out, and what was left before its end');
  bind(jobs, async () => (await import('./commands/jobs.ts')).jobs);
  const job = program.command('job').description('show one job').argument('<id>', 'the job');
  job.option('--follow', 'go on with it, or watch it, to its end').option('--cancel', 'stop it');
  job.option('--events', 'all that happened in it');
  bind(job, async () => (await import('./commands/jobs.ts')).job);
  const undo = program.command('undo').description('plan what takes a job back').argument('<job>', 'the job');
  bind(undo, async () => (await import('./commands/jobs.ts')).undo);
  const audit = program.command('audit').description('print the audit log; `verify` checks that nobody has changed it');
  audit.argument('[action]', 'list, verify or export (JSON lines)', 'list');
  audit.option('--head <hash>', 'verify: a head that an earlier verify printed, and that was kept elsewhere');
  bind(audit, async () => (await import('./commands/audit.ts')).audit);
  const pve = program.command('pve').description('plan any write of the Proxmox API');
  pve.argument('<method>', 'POST, PUT or DELETE').argument('<path>', 'the path without /api2/json');
  bind(pve.argument('[key=value...]', 'parameters'), async () => (await import('./commands/pve.ts')).pve);
}

function addConnecting(program: Command, bind: Bind): void {
  const connect = program
    .command('connect')
    .description('connect to a cluster and save the connection, its secret encrypted')
    .argument('<url>', 'https://host:8006')
    .option('--name <name>', 'what to call the connection')
    .option('--token-id <id>', 'API token: user@realm!name')
    .option('--username <user>', 'user@realm, in place of a token')
    .option('--fingerprint <sha256>', 'the certificate to accept, known from elsewhere')
    .option('--ca-file <file>', 'certificate authorities to trust');
  bind(connect, async () => (await import('./commands/connect.ts')).connect);
  const connections = program
    .command('connections')
    .description('list, choose or forget saved connections')
    .argument('[action]', 'list, use or remove', 'list')
    .argument('[name]', 'the connection');
  bind(connections, async () => (await import('./commands/connections.ts')).connections);
  bind(
    program.command('doctor').description('check reachability, certificate, clock, privileges, version and quorum'),
    async () => (await import('./commands/doctor.ts')).doctor,
  );
  bind(
    program
      .command('completion')
      .description('print the completion script for a shell')
      .argument('<shell>', 'bash, zsh or fish'),
    async () => (await import('./commands/completion.ts')).completion,
  );
  bind(
    program.command('__complete', { hidden: true }).argument('[words...]').allowUnknownOption(),
    async () => (await import('./commands/complete.ts')).complete,
  );
}
