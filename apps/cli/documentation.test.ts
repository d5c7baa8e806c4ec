import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { COMMANDS, OPTIONS, VALUE_OPTIONS } from './completion/command-words.ts';
import { EXIT_MEANINGS } from './exit.ts';
import { runPxa } from './in-process.ts';
import { buildProgram } from './program.ts';
import { PROMPT_COMMANDS } from './prompt/words.ts';
import { VERSION } from './version.ts';

const documentation = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8').replace(
  / +\|/g,
  ' |',
);
const missing = (texts: string[]): string[] => texts.filter((text) => !documentation.includes(text));

const program = await buildProgram(
  {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    now: () => 0,
    sleep: () => Promise.resolve(),
    random: (size) => new Uint8Array(size),
    id: () => '',
    onStop: () => () => undefined,
  },
  () => undefined,
);
const commands = program.commands.filter((command) => !command.name().startsWith('_'));
const help = (await runPxa(['--help'])).stdout;

describe('the documentation, the help and the completion know the same', () => {
  test('commands', () => {
    const documented = [...documentation.matchAll(/^\| `pxa ([a-z]+)/gm)].map(([, name]) => name);
    expect(documented).toEqual(commands.map((command) => command.name()));
    expect(COMMANDS.map(({ name }) => name)).toEqual(documented);
    for (const command of commands) expect(help).toContain(`\n  ${command.name()}`);
  });

  test('options', () => {
    const all = [...program.options, ...commands.flatMap((command) => command.options)];
    expect(missing(all.map((option) => `\`${option.long ?? ''}`))).toEqual([]);
    const complete = [...program.options.map((option) => option.long ?? ''), '--help'].sort();
    expect([...OPTIONS].sort()).toEqual(complete);
    const withValue = all.filter((option) => option.required && option.long !== undefined).map((option) => option.long);
    expect(withValue.filter((name) => !VALUE_OPTIONS.includes(name ?? ''))).toEqual([]);
    for (const { name, options = [] } of COMMANDS) {
      const known = commands.find((command) => command.name() === name)?.options.map((option) => option.long);
      expect([name, options.toSorted()]).toEqual([name, known?.toSorted()]);
    }
  });

  test('exit codes', () => {
    const documented = [...documentation.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
      Number(code),
      meaning,
    ]);
    expect(documented).toEqual(EXIT_MEANINGS);
    for (const [, meaning] of EXIT_MEANINGS) expect(help).toContain(meaning);
  });

  test("the prompt's own words", () => {
    expect(missing(PROMPT_COMMANDS.filter((word) => word !== 'quit').map((word) => `| \`${word}\` |`))).toEqual([]);
  });
});

test('the version is that of the package', async () => {
  const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };
  expect(VERSION).toBe(manifest.version);
  expect(await runPxa(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});
