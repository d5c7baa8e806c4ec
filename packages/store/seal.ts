/** Fetches the key: first when a plan with a secret is kept or read, so that all others need none. */
export type SealSource = () => Promise<Seal>;

/** Makes a text unreadable without a key, and readable again. `open` throws where the key is not the one, or the text was changed. */
export interface Seal {
  seal(text: string): string;
  open(sealed: string): Promise<string> | string;
}
