import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where things are kept, after the XDG base directory specification (relative values are to be ignored, it says). */
export interface Folders {
  /** Saved connections. */
  config: string;
  /** The vault's key: apart from the connections, so that a copy of one folder is not enough. */
  data: string;
  /** Compiled code. */
  cache: string;
  /** The prompt's history. */
  state: string;
}

/** The folders of pxa for a given environment. */
export function foldersFor(env: Record<string, string | undefined>): Folders {
  const home = env['HOME'] || homedir();
  const base = (name: string, ...fallback: string[]): string => {
    const given = env[name];
    return given !== undefined && isAbsolute(given) ? given : join(home, ...fallback);
  };
  return {
    config: join(base('XDG_CONFIG_HOME', '.config'), 'pxa'),
    cache: join(base('XDG_CACHE_HOME', '.cache'), 'pxa'),
    data: join(base('XDG_DATA_HOME', '.local', 'share'), 'pxa'),
    state: join(base('XDG_STATE_HOME', '.local', 'state'), 'pxa'),
  };
}
