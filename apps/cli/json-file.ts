import { readFile } from 'node:fs/promises';
import { usageError } from './exit.ts';

/** The JSON that a file holds; `what` names the option that it was given to. */
export async function readJsonFile(path: string, what: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw usageError(`${what}: ${path} cannot be read (${reason(error)}).`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${what}: ${path} is not JSON (${reason(error)}).`);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
