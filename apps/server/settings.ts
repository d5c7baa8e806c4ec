import { z } from 'zod';

const Name = z.string().min(1);

/** What whoever runs the service may set, as `service` in `settings.json`. Each has a default that is safe. */
export const ServiceSettings = z.strictObject({
  /** Storages of which the administrator knows that they are encrypted; Proxmox cannot tell. By connection. */
  encrypted_storages: z.record(Name, z.array(Name)).default({}),
  /** Webhooks and downloads may reach private, loopback and link-local addresses. */
  allow_private_addresses: z.boolean().default(false),
  /** Writes are answered 503; reads go on. */
  maintenance: z.boolean().default(false),
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
    allow_private_addresses: isOn('PXA_WEBHOOK_ALLOW_PRIVATE', settings.allow_private_addresses),
    maintenance: isOn('PXA_MAINTENANCE', settings.maintenance),
  };
}
