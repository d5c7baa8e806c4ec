import { type Dataset, draft, type Draft, type Gathered, type Thresholds, unknownCell } from '@pxa/catalog';
import type { Finding } from '@pxa/contract';
import type { Asked } from './ask.ts';
import type { Lack } from './lacks.ts';
import type { Run } from './run.ts';

type Ask = (run: Run, query: Gathered['query'], thresholds: Thresholds) => Promise<Asked>;

export interface GatheredRows {
  readonly rows: Draft[];
  readonly findings: Finding[];
}

/** Asks each question of a dataset that gathers, side by side: a row for each, and all that they find. */
export async function gather(run: Run, dataset: Dataset, thresholds: Thresholds, ask: Ask): Promise<GatheredRows> {
  const parts = await Promise.all(
    (dataset.gathers ?? []).map(async ({ area, query }) => {
      const part = run.part();
      return { area, asked: await ask(part, query, thresholds), lacks: part.lacks.all() };
    }),
  );
  return {
    rows: parts.map(({ area, asked, lacks }) => rowOf(area, asked, lacks)),
    findings: parts.flatMap(({ asked }) => asked.findings),
  };
}

function rowOf(area: string, { view, findings }: Asked, lacks: readonly Lack[]): Draft {
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const [critical, warning, info] = [count('critical'), count('warning'), count('info')];
  const state = critical > 0 ? 'critical' : warning > 0 ? 'warning' : 'ok';
  const places = view.rows.slice(0, 20).flatMap(({ evidence }) => Object.values(evidence).slice(0, 1));
  const at = `what was found in ${view.rows.length} ${area}: ${places.join(', ')}`;
  // Nothing is in order for not having been looked at.
  const isUnsure = state === 'ok' && lacks.length > 0;
  const cell = (value: string | number): { value: string | number; at: string } => ({ value, at });
  return draft(
    `check/${area}`,
    { data: {}, at },
    {
      area: cell(area),
      state: isUnsure ? unknownCell(lacks.map(({ about, why }) => `${about}: ${why}`).join('; ')) : cell(state),
      looked_at: cell(view.rows.length),
      critical: cell(critical),
      warning: cell(warning),
      info: cell(info),
    },
  );
}
