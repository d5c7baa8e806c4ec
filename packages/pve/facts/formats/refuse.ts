/** A value that a format refuses; the message ends with its newline, as Proxmox prints it. */
export class FormatError extends Error {}

/** Refuses a value with Proxmox's words. */
export function refuse(text: string): never {
  throw new FormatError(`${text}\n`);
}

/** A check of one value: returns, or refuses. */
export type FormatCheck = (value: string) => void;

/** Whether a check lets a value pass. */
export function passes(check: FormatCheck, value: string): boolean {
  try {
    check(value);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
