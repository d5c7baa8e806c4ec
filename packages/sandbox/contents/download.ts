import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { findVolume } from '../guests/volumes.ts';
import { died, type Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import { putFile, type Destination } from './put-file.ts';
import { isRightSum, remoteFile } from './remote-file.ts';

/** Bytes a second that come from elsewhere. */
const RATE = 60 * 1024 ** 2;
const STEPS = 10;

/** PVE::Tools::download_file_from_url, but that nothing is asked for on any network. */
export async function download(call: Call, url: string, to: Destination, task: Task): Promise<void> {
  const algorithm = textParam(call, 'checksum-algorithm');
  const expected = textParam(call, 'checksum') ?? '';
  const file = remoteFile(call.state, url, to.path.replace(/^.*\//, ''));
  task.log(`downloading ${url} to ${to.path}`);
  if (findVolume(call.state, call.node, to.volid)) {
    if (algorithm === undefined) throw died(`refusing to override existing file '${to.path}'`);
    task.log('calculating checksum of existing file...OK, got correct file already, no need to download');
    if (isRightSum(algorithm, expected)) return;
    throw mismatch(file.sum(algorithm), `${expected}, aborting`);
  }
  const { hostname } = new URL(url);
  task.log(`--${stamp(call)}--  ${url}`);
  if (!file.isReachable) {
    task.log(`Resolving ${hostname} (${hostname})... failed: Name or service not known.`);
    throw died(`download failed: wget: unable to resolve host address '${hostname}'`);
  }
  task.log('HTTP request sent, awaiting response... 200 OK');
  task.log(`Length: ${file.size} [application/octet-stream]`);
  for (let step = 1; step <= STEPS; step++) {
    await task.wait((file.size / RATE / STEPS) * 1000);
    task.log(`${Math.floor((file.size * step) / STEPS / 1024)}K  ${(step * 100) / STEPS}%`);
  }
  checkSum(file.sum(algorithm ?? 'sha256'), algorithm, expected, task);
  try {
    putFile(call, to, file.size);
  } catch (error) {
    throw died(`download failed: ${refusalText(error).trimEnd()}`);
  }
  task.log(`download of '${url}' to '${to.path}' finished`);
}

function checkSum(got: string, algorithm: string | undefined, expected: string, task: Task): void {
  if (algorithm === undefined) return;
  if (!isRightSum(algorithm, expected)) {
    task.log('calculating checksum...');
    throw mismatch(got, expected);
  }
  task.log('calculating checksum...OK, checksum verified');
}

function mismatch(got: string, expected: string): Error {
  return died(`checksum mismatch: got '${got}' != expect '${expected}'`);
}

function stamp(call: Call): string {
  return new Date(call.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
}
