import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes OpenTofu take the provider that was built, in a folder; the environment for it. Nothing is fetched. */
export async function workIn(folder: string, programs: string): Promise<Record<string, string>> {
  const settings = join(folder, 'tofu.rc');
  await writeFile(
    settings,
    `provider_installation {\n  dev_overrides {\n    "bpg/proxmox" = ${JSON.stringify(programs)}\n  }\n}\n`,
  );
  return { TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
}
