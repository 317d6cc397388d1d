/** How figures read, the same in the page and in the terminal. */

const scaled = (value: number, units: readonly string[], step: number): string => {
  let [size, unit] = [value, 0];
  while (Math.abs(size) >= step && unit < units.length - 1) [size, unit] = [size / step, unit + 1];
  return `${digits(size)} ${units[unit]}`;
};

/** About four significant digits, without an exponent for what fits on a line. */
const digits = (value: number): string => {
  const magnitude = Math.abs(value);
  if (value === 0 || (Number.isInteger(value) && magnitude < 10_000)) return String(value);
  return magnitude >= 1000 ? value.toFixed(0) : magnitude >= 100 ? value.toFixed(1) : value.toFixed(2);
};

/** Bytes in binary units, e.g. `1.50 MiB`. */
export const formatBytes = (bytes: number): string => scaled(bytes, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024);

/** Seconds in the unit that suits them, e.g. `363.65 us`. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0 s';
  const magnitude = Math.abs(seconds);
  const [factor, unit] =
    magnitude < 1e-6 ? [1e9, 'ns'] : magnitude < 1e-3 ? [1e6, 'us'] : magnitude < 1 ? [1e3, 'ms'] : [1, 's'];
  return `${digits(seconds * factor)} ${unit}`;
}

/** A large number with a decimal prefix, e.g. `8.18 G`. */
export const formatAmount = (value: number): string =>
  scaled(value, ['', 'k', 'M', 'G', 'T', 'P', 'E'], 1000).trimEnd();

/** A count with separators, e.g. `12,345`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** A share of one as percent, e.g. `12.3 %`; a share that is not known (a division by zero) is empty. */
export const formatPercent = (share: number): string =>
  !Number.isFinite(share) ? '' : share > 0 && share < 0.0005 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`;
