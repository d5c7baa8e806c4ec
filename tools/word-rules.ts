/**
 * What must not stand in our files, as data. `in` and `except` are glob patterns of paths; an exception is a decision:
 * it says why.
 */
export interface WordRule {
  /** Must carry the flag g. */
  pattern: RegExp;
  says: string;
  in?: readonly string[];
  except?: Readonly<Record<string, string>>;
}

const sources = ['packages/**/*.ts', 'packages/**/*.tsx', 'apps/**/*.ts', 'apps/**/*.tsx'] as const;
const tests = '**/*.test.ts';

/** The few places that are handed the real clock, real randomness and real ids, and hand them on. */
const realWorld: Readonly<Record<string, string>> = {
  [tests]: 'a test may measure how long it took',
  'packages/*/testing/**': 'what tests lean on',
  'apps/cli/main.ts': 'the command line composes the real world and hands it on',
  'apps/server/main.ts': 'the server composes the real world and hands it on',
  'packages/pve/cluster.ts': 'the defaults of connect(), which takes others',
  'packages/sandbox/auth.ts': "a token's secret must not be guessable, whatever the seed",
  'packages/sandbox/clock.ts': "the sandbox's clock, which may start anywhere and stand still",
};

export const wordRules: readonly WordRule[] = [
  { pattern: /\bissues? (?:#\d|show\b)|\bissue \d+\b/gi, says: 'say what holds, not which ticket asked for it' },
  { pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/g, says: 'do it, or write an issue; a note in the code is forgotten' },
  { pattern: /(?<![\w.~-])\/(?:work|farm|root|tmp\/scratch)\/\w/g, says: 'a path of one machine' },
  {
    pattern:
      /\b(?:registry\.npmjs\.org|registry\.yarnpkg\.com|proxy\.golang\.org|pypi\.org|files\.pythonhosted\.org)\b/g,
    says: 'which registry is used is the business of the machine, not of the project',
  },
  {
    pattern:
      /rejectUnauthorized: *false|NODE_TLS_REJECT_UNAUTHORIZED|verify(?:_ssl)? *= *False|InsecureSkipVerify|--insecure\b|curl -\w*k\b/g,
    says: 'no certificate is accepted unseen',
    except: {
      'packages/pve/**/*.ts': 'the pinning connector compares the fingerprint before the first byte of a request',
      'e2e/certificate.ts': 'reads the certificate to compare its fingerprint, and sends nothing',
      'packages/sandbox/**/*.ts': 'tests of the door speak to it below TLS verification',
    },
  },
  {
    pattern: /\bas any\b(?=[;,)\]}|&.]|$)|\w\)?\??: any\b(?=[;,)\]}|&=]|$)|@ts-ignore|@ts-nocheck/gm,
    says: 'no any, and no silenced type error',
    in: ['**/*.ts', '**/*.tsx'],
  },
  {
    pattern: /(?:oxlint|eslint)-disable\S*(?:\s+[\w/@-]+)?\s*(?:\*\/|-->|$)/gm,
    says: 'a silenced rule needs its reason: rule -- why',
    in: ['**/*.ts', '**/*.tsx', '**/*.md'],
  },
  { pattern: /\b(?:it|test|describe)\.(?:only|todo)\b/g, says: 'a test alone, or not written', in: [tests] },
  {
    pattern: /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\bperformance\.now\(|\brandomUUID\(/g,
    says: 'time, randomness and ids are handed in, so that a run can be replayed',
    in: sources,
    except: realWorld,
  },
  {
    pattern: /\bcreateRequire\b|\bgetBuiltinModule\b|\brequire\(/g,
    says: 'a way round the table of imports',
    in: sources,
  },
  {
    pattern: /\bMath\.random\(/g,
    says: 'tests are repeatable: use a seed',
    in: [tests],
  },
  {
    pattern: /\bvi\.(?:mock|stubGlobal)\(|\bnock\b|\bmsw\b/g,
    says: 'no stubbed HTTP: teach the sandbox',
    in: [tests],
  },
];

/** Files of which nobody reads every line, or that hold these words as data. */
export const unread: Readonly<Record<string, string>> = {
  'package-lock.json': 'written by npm',
  '**/go.sum': 'written by go',
  '**/*.gen.ts': 'generated',
  'tools/word-rules.ts': 'holds the words as data',
  'tools/check-words.test.ts': 'holds the words as data',
  '**/*.{png,ico,woff2,gz}': 'not text',
};

/** A file of source is read on one screen after another: longer ones say why they may be. */
export const maxLines = 300;
export const longFiles: Readonly<Record<string, string>> = {
  '**/*.gen.ts': 'generated, never read from top to bottom',
};
