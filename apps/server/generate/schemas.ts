import { FORMATS, GeneratedCode, PROVIDERS } from '@pxa/assistant/generate';
import { z } from 'zod';
import { Meta } from '../http/envelope.ts';
import { Environment } from '../guests/environment.ts';

const Context = z.strictObject({
  environment: Environment.optional(),
  compliance_requirements: z
    .array(
      z
        .string()
        .transform((said) => said.toUpperCase().replaceAll(/[\s-]/g, ''))
        .pipe(z.enum(['CIS', 'SOC2'])),
    )
    .max(10)
    .optional(),
  provider: z.enum(PROVIDERS).optional(),
  /** A guest that is there, to be written down as it is: `vm-101`. */
  export: z.string().min(1).max(200).optional(),
});

export const GenerateRequest = z.strictObject({
  prompt: z.string().trim().min(1).max(4_000).optional(),
  context: Context.optional(),
  output_format: z.enum(FORMATS),
});
export type GenerateRequest = z.infer<typeof GenerateRequest>;

/** The envelope with what made the answer: no model, no tokens. */
export const GenerateAnswer = z.object({
  success: z.literal(true),
  data: z.object({ generated_code: GeneratedCode }),
  meta: Meta.extend({ ai_model: z.string(), tokens_used: z.int() }),
});
