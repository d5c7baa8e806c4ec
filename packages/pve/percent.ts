/** What a text says once its percent signs are decoded; where that cannot be done, the text itself. */
export function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
