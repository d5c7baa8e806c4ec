import { z } from 'zod';
import { DevUsers, Oauth } from './auth/settings.ts';

const Name = z.string().min(1);

/** So many instead of the usual number. */
const Count = z.int().min(1).optional();

/** A web origin as browsers send it: `https://console.example.com`. There is no wildcard. */
const Origin = z.string().refine((text) => !text.includes('*') && URL.canParse(text) && new URL(text).origin === text, {
  error: 'is no origin: write it as https://console.example.com, without a path',
});

/** What whoever runs the service may set, as `service` in `settings.json`. Each has a default that is safe. */
export const ServiceSettings = z.strictObject({
  /** Storages of which the administrator knows that they are encrypted; Proxmox cannot tell. By connection. */
  encrypted_storages: z.record(Name, z.array(Name)).default({}),
  /** Webhooks and downloads may reach private, loopback and link-local addresses. */
  allow_private_addresses: z.boolean().default(false),
  /** Writes are answered 503; reads go on. */
  maintenance: z.boolean().default(false),
  /** The largest file that is taken in to be handed on to Proxmox, in GiB. */
  largest_upload_gb: z.number().positive().max(10_000).default(64),
  /** Where it lies meanwhile; the system's folder for temporary files where none is named. */
  upload_folder: z.string().startsWith('/').optional(),
  /** Whose access tokens are taken beside the service's own. */
  oauth: Oauth.optional(),
  /** Users that may sign in with a password, by name; heard only with `--dev`. */
  dev_users: DevUsers.default({}),
  /** Web pages of other origins that may call the API from a browser. */
  allowed_origins: z.array(Origin).default([]),
  /** Who may read `/metrics`: whoever holds the scope monitoring:read, or everybody who reaches the service. */
  metrics: z.enum(['token', 'open']).default('token'),
  /** Requests of a token by what they do, in their window: an hour, for `authentication` a minute. */
  limits: z.strictObject({ authentication: Count, vm: Count, read: Count, bulk: Count, ai: Count }).default({}),
  /** Connections at a time; more are closed at once. */
  max_connections: z.int().min(1).max(100_000).default(2_000),
  /** A copy of the Debian security tracker's data, by which security scans rate vulnerabilities. */
  security_tracker_file: z.string().min(1).optional(),
  /** How long `/readyz` says that it is stopping before it does, so that nobody is sent here any more. */
  drain_seconds: z.number().min(0).max(300).default(0),
});
export type ServiceSettings = z.infer<typeof ServiceSettings>;

type Env = Readonly<Record<string, string | undefined>>;

/** The settings with the switches of the environment, which win over the file. @throws RangeError that says what is wrong */
export function serviceSettings(given: unknown, env: Env): ServiceSettings {
  const parsed = ServiceSettings.safeParse(given ?? {});
  if (!parsed.success) throw new RangeError(z.prettifyError(parsed.error));
  const settings = parsed.data;
  const isOn = (name: string, usual: boolean): boolean => (env[name] === undefined ? usual : env[name] === '1');
  return {
    ...settings,
    dev_users: { ...settings.dev_users, ...userOf(env) },
    allow_private_addresses: isOn('PXA_WEBHOOK_ALLOW_PRIVATE', settings.allow_private_addresses),
    maintenance: isOn('PXA_MAINTENANCE', settings.maintenance),
  };
}

/** The one user that the environment names, who may do everything. */
function userOf(env: Env): DevUsers {
  const [name, password] = [env['PXA_DEV_USER'], env['PXA_DEV_PASSWORD']];
  if (name === undefined || password === undefined || name === '' || password === '') return {};
  return { [name]: { password, scopes: ['admin'] } };
}
