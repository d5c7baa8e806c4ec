import type { ActionFacts, DatasetFacts } from '@pxa/assistant/catalog';
import { z } from 'zod';

const Column = z.object({ key: z.string(), label: z.string(), type: z.string(), unit: z.string() });

export const DatasetTold = z.object({
  id: z.string(),
  title: z.string(),
  capability: z.string(),
  columns: z.array(Column),
  shown: z.array(z.string()),
});

const Input = z.object({
  name: z.string(),
  kind: z.string(),
  values: z.array(z.string()).nullable(),
  required: z.boolean(),
});

export const ActionTold = z.object({
  id: z.string(),
  verb: z.string(),
  capability: z.string(),
  risk: z.enum(['change', 'disruptive', 'destructive']),
  acts_on: z.string().nullable(),
  inputs: z.array(Input),
  examples: z.array(z.string()),
});

export function datasetTold({ columns, shown, ...rest }: DatasetFacts): z.infer<typeof DatasetTold> {
  return { ...rest, columns: [...columns], shown: [...shown] };
}

export function actionTold({
  id,
  verb,
  capability,
  risk,
  inputs,
  on,
  examples,
}: ActionFacts): z.infer<typeof ActionTold> {
  return {
    id,
    verb,
    capability,
    risk,
    acts_on: on ?? null,
    inputs: inputs.map(({ name, kind, values, isRequired }) => ({
      name,
      kind,
      values: values === undefined ? null : [...values],
      required: isRequired,
    })),
    examples: [...examples],
  };
}
