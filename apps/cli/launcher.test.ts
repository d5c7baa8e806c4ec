import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newHome } from './in-process.ts';
import { VERSION } from './version.ts';

const launcher = fileURLToPath(new URL('../../pxa', import.meta.url));

/** Runs ./pxa as a process of its own; `whenSaid` may do something with it once it has written. */
function launch(
  argv: string[],
  whenSaid?: (child: ReturnType<typeof spawn>, text: string) => void,
): Promise<[number | null, string]> {
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, argv, {
      env: { HOME: newHome(), PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      whenSaid?.(child, text);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve([code, text]));
  });
}

test('./pxa finds its Node', async () => {
  expect(await launch(['--version'])).toEqual([0, `${VERSION}\n`]);
});

test('./pxa sandbox ends at SIGTERM, in good order', async () => {
  const [code, text] = await launch(['sandbox', '--json'], (child) => child.kill('SIGTERM'));
  expect(text).toMatch(/^\{"url":"https:\/\/127\.0\.0\.1:\d+",.*\}\n$/);
  expect(code).toBe(0);
});

test('who stops reading ends it', async () => {
  const [code] = await launch(['get', '/cluster/resources', '--sandbox', '--json'], (child) => child.stdout?.destroy());
  expect(code).toBe(0);
});
