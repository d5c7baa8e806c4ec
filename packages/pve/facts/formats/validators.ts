import type { Properties } from '../properties.ts';
import { formatProperties } from '../lines.ts';
import { isPerlFalse, perlMatches, perlNumber } from '../perl.ts';
import { refuse } from './refuse.ts';

type Validator = (parsed: Properties) => Properties;

/** No number above 0 means: keep everything; and that goes with nothing else. */
function pruneBackups(parsed: Properties): Properties {
  const { 'keep-all': keepAll, ...rest } = parsed;
  if (!Object.values(rest).some((keep) => perlNumber(String(keep)) > 0)) return { 'keep-all': 1 };
  if (!isPerlFalse(keepAll)) refuse('keep-all cannot be set together with other options.');
  return rest;
}

const VM_FLAGS = [
  ...['aes', 'amd-no-ssb', 'amd-ssbd', 'hv-evmcs', 'hv-tlbflush', 'ibpb', 'md-clear', 'nested-virt', 'pcid'],
  ...['pdpe1gb', 'spec-ctrl', 'ssbd', 'virt-ssbd'],
];
const MODELS_OF_OURS = ['x86-64-v2', 'x86-64-v2-AES', 'x86-64-v3', 'x86-64-v4'];

function isBuiltinCpu(cputype: string): boolean {
  const models = formatProperties('pve-vm-cpu-conf')?.['reported-model']?.enum ?? [];
  return models.includes(cputype) || MODELS_OF_OURS.includes(cputype);
}

/** What a VM may say of its CPU (PVE::QemuServer::CPUConfig::validate_vm_cpu_conf). */
function vmCpu(parsed: Properties): Properties {
  const cputype = String(parsed['cputype'] ?? '');
  if (isPerlFalse(cputype)) refuse('CPU is missing cputype');
  if (cputype.startsWith('custom-')) refuse(`Custom cputype '${cputype.slice('custom-'.length)}' not found`);
  if (!isBuiltinCpu(cputype)) refuse(`Built-in cputype '${cputype}' is not defined (missing 'custom-' prefix?)`);
  const flag = `([+-])(${VM_FLAGS.join('|')})`;
  const flags = parsed['flags'];
  if (!isPerlFalse(flags) && !perlMatches(`${flag}(;${flag})*`, String(flags))) {
    refuse(`VM-specific CPU flags must be a subset of: ${VM_FLAGS.join(', ')}`);
  }
  if (parsed['reported-model'] !== undefined) {
    refuse("Property 'reported-model' not allowed in VM-specific CPU config.");
  }
  return parsed;
}

const VALIDATORS: Readonly<Record<string, Validator>> = { 'prune-backups': pruneBackups, 'pve-vm-cpu-conf': vmCpu };

/** The check of the whole that a named property-string format has beside its schema. */
export function validatorOf(format: string): Validator | undefined {
  return Object.hasOwn(VALIDATORS, format) ? VALIDATORS[format] : undefined;
}
