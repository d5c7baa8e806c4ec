import { storedFilename } from '@pxa/pve/volid';
import type { Call } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { died, type Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import { destination, putFile, type Destination } from './put-file.ts';
import type { Upload } from './multipart.ts';

/** Bytes a second from the place where uploads arrive to their storage. */
const RATE = 400 * 1024 ** 2;

/** POST …/upload: the file has been taken in already, and is now put where it belongs (PVE/API2/Storage/Status.pm). */
export function importUpload(call: Call): string {
  const content = textParam(call, 'content') ?? '';
  const to = destination(call, storedFilename(textParam(call, 'filename') ?? ''), content, {
    notFiles: (type) => `can't upload to storage type '${type}'`,
    notOffered: (storage) => `storage '${storage}' does not support '${content}' content`,
  });
  const { upload } = call;
  const temporary = textParam(call, 'tmpfilename');
  if (temporary === undefined) throw died('missing temporary file name');
  if (!upload) throw died(`temporary file '${temporary}' does not exist`);
  const target = call.state.nodes.get(call.node);
  if (target?.offlineSince !== undefined) {
    const why = "command '/usr/bin/ssh' failed: exit code 255";
    throw died(`can't activate storage '${String(call.params['storage'])}' on node '${call.node}': ${why}`);
  }
  return call.tasks.start({
    type: 'imgcopy',
    id: '',
    // the node that took the upload in sends it on
    node: call.state.localNode,
    user: call.caller.authid,
    run: (task) => importFile(call, { to, upload, temporary }, task),
  });
}

async function importFile(
  call: Call,
  { to, upload, temporary }: { to: Destination; upload: Upload; temporary: string },
  task: Task,
): Promise<void> {
  task.log(`starting file import from: ${temporary}`);
  const expected = textParam(call, 'checksum');
  if (expected !== undefined) {
    if (upload.sum?.toLowerCase() !== expected.toLowerCase()) {
      task.log('calculating checksum...');
      throw died(`checksum mismatch: got '${upload.sum ?? ''}' != expect '${expected}'`);
    }
    task.log('calculating checksum...OK, checksum verified');
  }
  task.log(`target node: ${call.node}`);
  task.log(`target file: ${to.path}`);
  task.log(`file size is: ${upload.size}`);
  task.log(`command: cp -- ${temporary} ${to.path}`);
  await task.wait((upload.size / RATE) * 1000 + 200);
  try {
    putFile(call, to, upload.size);
  } catch (error) {
    throw died(`import failed: cp: ${refusalText(error).trimEnd()}`);
  }
  task.log('finished file import successfully');
}
