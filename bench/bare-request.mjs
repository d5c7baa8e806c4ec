// What the command line's start is held against: a script without anything around it, that makes the requests it is
// given and prints their JSON. node bare-request.mjs URL CA_FILE TOKEN PATH…
import { readFileSync } from 'node:fs';
import { get } from 'node:https';

const [url, caFile, token, ...paths] = process.argv.slice(2);
const ca = readFileSync(caFile);
for (const path of paths) {
  const body = await new Promise((resolve, reject) => {
    get(`${url}${path}`, { ca, headers: { Authorization: `PVEAPIToken=${token}` } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
  console.log(JSON.stringify(JSON.parse(body)));
}
