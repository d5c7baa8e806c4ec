import { diskOf } from './disks.ts';
import { containerNic } from './nics.ts';
import type { Settings } from './options.ts';
import { dnsOf, startupOf, tagsOf } from './vm.ts';

type Draft = Record<string, unknown>;

/** A container's configuration as a specification has it; every setting is read, or left to be told. */
export function containerOf(settings: Settings): Draft {
  return {
    name: settings.text('hostname'),
    description: settings.text('description') ?? '',
    tags: tagsOf(settings),
    cores: coresOf(settings),
    memory_mb: settings.number('memory') ?? 512,
    swap_mb: settings.number('swap') ?? 512,
    on_boot: settings.flag('onboot', false),
    protection: settings.flag('protection', false),
    template: settings.flag('template', false),
    unprivileged: settings.flag('unprivileged', false),
    agent: false,
    nesting: settings.options('features', 'nesting', (options) => options.flag('nesting', false)) ?? false,
    disks: ['rootfs', ...settings.numbered('mp')].flatMap((key) => diskOf(settings, key) ?? []),
    nics: settings.numbered('net').flatMap((key) => containerNic(settings, key) ?? []),
    dns: dnsOf(settings),
    hardware: {
      os_type: settings.text('ostype') ?? null,
      startup: startupOf(settings),
      console: {
        enabled: settings.flag('console', true),
        ttys: settings.number('tty') ?? 2,
        mode: settings.text('cmode') ?? 'tty',
      },
    },
  };
}

/** A container without a number of cores has all of its node. */
function coresOf(settings: Settings): number {
  const cores = settings.number('cores');
  if (cores === null)
    settings.lacks('cores: all of the node', 'The code counts them: it says one, as the provider takes it.');
  return cores ?? 1;
}
