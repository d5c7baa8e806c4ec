import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Lab } from '../../apps/server/testing/lab.ts';
import { CONTEXTS, PROMPTS } from '../tofu/prompts.ts';

/** More requests than are made. */
const MANY = 1_000_000;

/** What the service writes in a format, for all that is asked for in words and for guests that are there, as files. */
export async function generatedFiles(format: 'ansible' | 'cloud-init', folder: string): Promise<string[]> {
  const limits = { authentication: MANY, vm: MANY, read: MANY, bulk: MANY, ai: MANY };
  const lab = await Lab.start({}, { limits });
  try {
    const token = await lab.token(['admin']);
    const words = PROMPTS.flatMap((prompt) => CONTEXTS.map((context) => ({ prompt, context })));
    const exports =
      format === 'ansible' ? ['vm-101', 'vm-112', 'ct-200'].map((id) => ({ context: { export: id } })) : [];
    const asked = [...words, ...exports];
    return await Promise.all(
      asked.map(async (body, at) => {
        const got = await lab.send('POST /v1/ai/generate', token, { ...body, output_format: format });
        if (got.status !== 200) throw new Error(`${got.status}: ${JSON.stringify(got.body)}`);
        const file = join(folder, `${format}-${at}.yml`);
        await writeFile(file, got.text('data.generated_code.code'));
        return file;
      }),
    );
  } finally {
    await lab.close();
  }
}
