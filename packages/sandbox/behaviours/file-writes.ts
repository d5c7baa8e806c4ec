import { storedFilename } from '@pxa/pve/volid';
import type { Behaviours, Call } from '../behaviour.ts';
import { download } from '../contents/download.ts';
import { destination } from '../contents/put-file.ts';
import { remoteFile } from '../contents/remote-file.ts';
import { importUpload } from '../contents/import-upload.ts';
import { findVolume } from '../guests/volumes.ts';
import { died, refused } from '../guests/work.ts';
import type { Task } from '../guests/work.ts';
import { nodeOf, textParam } from './common.ts';
import { appliances } from './upkeep.ts';

/** Files that come from elsewhere: uploads, downloads, container templates (pve-storage Status.pm, pve-manager Nodes.pm). */
export const fileWrites: Behaviours = {
  'POST /nodes/{node}/storage/{storage}/upload': importUpload,

  'POST /nodes/{node}/storage/{storage}/download-url': (call) => {
    const url = textParam(call, 'url') ?? '';
    const filename = storedFilename(textParam(call, 'filename') ?? '');
    const content = textParam(call, 'content') ?? '';
    const to = destination(call, filename, content, {
      notFiles: (type) => `can't upload to storage type '${type}', not a file based storage!`,
      notOffered: (storage) => `storage '${storage}' is not configured for content-type '${content}'`,
    });
    return begin(call, 'download', filename, async (task) => {
      if (textParam(call, 'compression') !== undefined && content !== 'iso') {
        throw died(`decompression not supported for ${content}`);
      }
      await download(call, url, to, task);
    });
  },

  'POST /nodes/{node}/aplinfo': (call) => {
    const template = textParam(call, 'template') ?? '';
    const known = appliances(nodeOf(call)).find((row) => row['template'] === template);
    if (!known) throw refused({ template: 'no such template' });
    const to = destination(call, template, 'vztmpl', {
      notFiles: (type) => `cannot download to storage type '${type}'`,
      notOffered: (storage) => `storage '${storage}' does not support templates`,
    });
    return begin(call, 'download', template, (task) => download(call, String(known['location']), to, task));
  },

  'POST /nodes/{node}/storage/{storage}/oci-registry-pull': (call) => {
    const reference = textParam(call, 'reference') ?? '';
    const [, name = '', tag = ''] = /([^/:]+):([^:/]+)$/.exec(reference) ?? [];
    const filename = `${storedFilename(textParam(call, 'filename') ?? `${name}_${tag}`).replace(/\.tar$/, '')}.tar`;
    const to = destination(call, filename, 'vztmpl', {
      notFiles: (type) => `can't upload to storage type '${type}', not a file based storage!`,
      notOffered: (storage) => `storage '${storage}' is not configured for content-type 'vztmpl'`,
    });
    if (findVolume(call.state, call.node, to.volid)) throw died(`refusing to override existing file '${to.volid}'`);
    const url = `https://${reference.includes('.') ? '' : 'docker.io/'}${reference.replace(/:[^:/]+$/, '')}`;
    return begin(call, 'ociregistrypull', filename, (task) => download(call, url, to, task));
  },

  'GET /nodes/{node}/query-url-metadata': (call) => {
    const url = textParam(call, 'url') ?? '';
    const { filename, size, isReachable } = remoteFile(call.state, url);
    const { hostname } = new URL(url);
    if (!isReachable)
      throw died(`invalid server response: '500 Can't connect to ${hostname} (Name or service not known)'`);
    return { filename, size, mimetype: 'application/octet-stream' };
  },
};

/** The colon is what takes the parts of a UPID apart. */
function begin(call: Call, type: string, name: string, run: (task: Task) => Promise<void>): string {
  const id = name.replaceAll(':', '%3A');
  return call.tasks.start({ type, id, node: call.node, user: call.caller.authid, run });
}
