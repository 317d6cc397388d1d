/** What the page remembers on this machine. A browser may refuse storage to a file: then nothing is remembered. */

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`msc.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`msc.${key}`, value);
  } catch {
    // refused: the page works without it
  }
}
