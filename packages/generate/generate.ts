import { ansiblePlaybook } from './ansible/playbook.ts';
import { userDataOf } from './cloud-init/user-data.ts';
import { expressed, metMeasures } from './expressed.ts';
import type { Check, GeneratedCode, Target } from './generated.ts';
import { analyse } from './security/analyse.ts';
import { completed } from './security/harden.ts';
import type { Specification } from './specification.ts';
import { bpgModule } from './terraform/bpg.ts';
import type { NotExpressed } from './terraform/module.ts';
import { telmateModule } from './terraform/telmate.ts';
import { checkAnsible } from './validate/ansible.ts';
import { scoreOf } from './validate/check.ts';
import { checkCloudInit } from './validate/cloud-init.ts';
import { checkTerraform } from './validate/terraform.ts';

/** What is handed to the writers of code, and what is told of how it came to be. */
export interface Request extends Target {
  readonly specification: Specification;
  readonly assumptions: readonly string[];
  readonly notUnderstood: readonly string[];
  /** What was known before that the code cannot say. */
  readonly notExpressed?: readonly NotExpressed[];
  /** A day as `2026-02-23`: systems without security updates are told by it. */
  readonly today: string;
}

/**
 * Code for a specification, read back by a parser of its own language and judged. A guest that is there already is written
 * as it is; one that is to be made gets what its environment and frameworks ask for.
 */
export async function generate(request: Request): Promise<GeneratedCode> {
  const { format, assumptions, notUnderstood, today } = request;
  const isThere = request.specification.guests.every(({ source }) => source.from === 'existing');
  const { specification, missing } = isThere
    ? { specification: request.specification, missing: [] }
    : completed(request.specification);
  const measures = metMeasures(request, specification);
  const { code, notExpressed } = written(request, { ...specification, measures });
  const checks = await checked(request, code);
  return {
    format,
    code,
    validation_score: scoreOf(checks),
    checks,
    security_analysis: analyse(expressed(request, specification), {
      today,
      asksForKeys: format !== 'cloud-init' && !isThere,
    }),
    assumptions: [...assumptions],
    not_understood: [...notUnderstood],
    not_expressed: [...(request.notExpressed ?? []), ...missing, ...notExpressed].map(({ what, why }) => ({
      what,
      why,
    })),
  };
}

interface Written {
  readonly code: string;
  readonly notExpressed: readonly NotExpressed[];
}

function written({ format, provider }: Target, specification: Specification): Written {
  switch (format) {
    case 'terraform':
      return provider === 'bpg' ? bpgModule(specification) : telmateModule(specification);
    case 'ansible':
      return ansiblePlaybook(specification);
    case 'cloud-init':
      return userDataOf(specification);
  }
}

function checked({ format }: Target, code: string): Promise<Check[]> | Check[] {
  switch (format) {
    case 'terraform':
      return checkTerraform(code);
    case 'ansible':
      return checkAnsible(code);
    case 'cloud-init':
      return checkCloudInit(code);
  }
}
