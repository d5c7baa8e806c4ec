import { z } from 'zod';

export const FORMATS = ['terraform', 'ansible', 'cloud-init'] as const;
export const PROVIDERS = ['bpg', 'telmate'] as const;

/** What code is written in, and for which of Terraform's providers. */
export interface Target {
  readonly format: (typeof FORMATS)[number];
  readonly provider: (typeof PROVIDERS)[number];
}

/** A check of the code as its own language's parser reads it. */
export const Check = z.object({
  name: z.string(),
  passed: z.boolean(),
  weight: z.int(),
  problems: z.array(z.string()),
});
export type Check = z.infer<typeof Check>;

export const Issue = z.object({
  rule: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  target: z.string(),
  title: z.string(),
  remedy: z.string(),
  controls: z.array(z.string()),
});
export type Issue = z.infer<typeof Issue>;

export const SecurityAnalysis = z.object({
  /** Nothing critical, high or medium was found. */
  passed: z.boolean(),
  issues: z.array(Issue),
  recommendations: z.array(z.string()),
});
export type SecurityAnalysis = z.infer<typeof SecurityAnalysis>;

/** Code, how good it is found to be, and what is not in it. */
export const GeneratedCode = z.object({
  format: z.enum(FORMATS),
  code: z.string(),
  /** 0 to 100: the weight of the checks that the code passed. */
  validation_score: z.int().min(0).max(100),
  checks: z.array(Check),
  security_analysis: SecurityAnalysis,
  /** What the words left open, and how it was taken. */
  assumptions: z.array(z.string()),
  not_understood: z.array(z.string()),
  /** What was asked for, or is so, and this format cannot say. */
  not_expressed: z.array(z.object({ what: z.string(), why: z.string() })),
});
export type GeneratedCode = z.infer<typeof GeneratedCode>;
