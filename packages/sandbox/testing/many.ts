import https from 'node:https';
import type { Sandbox } from '../sandbox.ts';

const CONNECTIONS = 4;

/** Many reads over few connections, as the sandbox's own token; gives each one's status and body, in order. */
export async function readAll(sandbox: Sandbox, paths: readonly string[]): Promise<{ status: number; body: string }[]> {
  // Which certificate it is, is not what such tests are about.
  const agent = new https.Agent({ keepAlive: true, maxSockets: CONNECTIONS, rejectUnauthorized: false });
  const headers = { Authorization: `PVEAPIToken=${sandbox.tokenId}=${sandbox.tokenSecret}` };
  const read = (path: string): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const request = https.get(sandbox.url + path, { agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      request.on('error', reject);
    });
  try {
    return await Promise.all(paths.map(read));
  } finally {
    agent.destroy();
  }
}
