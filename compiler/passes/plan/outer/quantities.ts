/** Bytes, seconds and shares as texts of a plan have them. */
export function bytesText(bytes: number): string {
  if (bytes >= 2 ** 29) return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return bytes >= 2 ** 19 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 10).toFixed(1)} KiB`;
}

export const secondsText = (value: number): string =>
  value >= 1 ? `${value.toFixed(3)} s` : `${(value * 1000).toFixed(2)} ms`;

export const percentText = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const countText = (count: number): string =>
  count >= 1e9
    ? `${(count / 1e9).toFixed(2)} billion`
    : count >= 1e6
      ? `${(count / 1e6).toFixed(2)} million`
      : `${Math.round(count)}`;
