import { expect, test } from 'vitest';
import { runPxa } from './in-process.ts';

/** Runs `pxa sandbox` until it has told where it listens, then does something with it and stops it. */
async function whileRunning(argv: string[], use: (printed: string) => Promise<void>): Promise<number> {
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let used: Promise<void> | undefined;
  const ran = runPxa(['sandbox', ...argv], {
    stop: stopped,
    onOutput: (text) => {
      used ??= use(text).finally(stop);
    },
  });
  const { code } = await ran;
  await used;
  return code;
}

test('--json prints one line to connect with, and Ctrl-C ends it', async () => {
  const code = await whileRunning(['--port', '0', '--json'], async (printed) => {
    expect(printed).toMatch(/^\{.*\}\n$/);
    const door = JSON.parse(printed) as Record<string, string>;
    expect(Object.keys(door)).toEqual(['url', 'token_id', 'token_secret', 'fingerprint']);
    expect(door['fingerprint']).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const ran = await runPxa(['get', '/version'], {
      env: {
        PXA_PVE_URL: door['url'] ?? '',
        PXA_PVE_TOKEN_ID: door['token_id'] ?? '',
        PXA_PVE_TOKEN_SECRET: door['token_secret'] ?? '',
        PXA_PVE_FINGERPRINT: door['fingerprint'] ?? '',
      },
    });
    expect(ran.code).toBe(0);
  });
  expect(code).toBe(0);
});

test('for people it says how to connect', async () => {
  const code = await whileRunning([], (printed) => {
    expect(printed).toMatch(/The sandbox is running: https:\/\/127\.0\.0\.1:\d+/);
    expect(printed).toMatch(/export PXA_PVE_TOKEN_ID='root@pam!sandbox'/);
    return Promise.resolve();
  });
  expect(code).toBe(0);
});

test('a port that is taken is told', async () => {
  await whileRunning(['--json'], async (printed) => {
    const { port } = new URL((JSON.parse(printed) as { url: string }).url);
    const second = await runPxa(['sandbox', '--port', port]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${port} is taken`) });
  });
});
