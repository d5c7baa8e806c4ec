import { z } from 'zod';
import type { Check } from '../generated.ts';
import { check } from './check.ts';
import { readYaml } from './yaml-read.ts';

/** The modules of cloud-init that we use, and what they take (docs.cloud-init.io, module reference). */
const CloudConfig = z.strictObject({
  hostname: z.string().regex(/^[a-z\d]([a-z\d-]*[a-z\d])?$/i),
  fqdn: z.string().optional(),
  manage_etc_hosts: z.boolean(),
  users: z
    .array(
      z.strictObject({
        name: z.string(),
        shell: z.string(),
        lock_passwd: z.literal(true),
        groups: z.array(z.string()).optional(),
        sudo: z.string().optional(),
        ssh_authorized_keys: z.array(z.string()).min(1).optional(),
      }),
    )
    .min(1)
    .optional(),
  ssh_pwauth: z.boolean(),
  disable_root: z.boolean(),
  package_update: z.boolean(),
  package_upgrade: z.boolean(),
  packages: z.array(z.string()).min(1).optional(),
  write_files: z
    .array(
      z.strictObject({
        path: z.string().startsWith('/'),
        permissions: z.string().regex(/^0[0-7]{3}$/),
        owner: z.string(),
        defer: z.boolean(),
        content: z.string(),
      }),
    )
    .min(1)
    .optional(),
  runcmd: z.array(z.array(z.string()).min(1)).min(1).optional(),
});

/** The checks of cloud-init's user data, on what a parser of YAML reads of it. */
export function checkCloudInit(code: string): Check[] {
  const read = readYaml(code);
  if (!read.ok) return [check('parses', 30, [read.why])];
  const problems = read.documents.flatMap((document) => {
    const parsed = CloudConfig.safeParse(document);
    return parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  });
  const paths = read.documents.flatMap((document) => {
    const files = CloudConfig.safeParse(document).data?.write_files ?? [];
    const all = files.map(({ path }) => path);
    return all.filter((path, at) => all.indexOf(path) !== at);
  });
  const isHeaded = code.startsWith('#cloud-config\n');
  return [
    check('parses', 30, []),
    check('is headed as cloud-init wants it', 20, isHeaded ? [] : ['the first line is not #cloud-config']),
    check('says what cloud-init knows, and nothing else', 40, problems),
    check(
      'names nothing twice',
      10,
      paths.map((path) => `${path} is written twice`),
    ),
  ];
}
