/** What part of a map is on screen. Along x edges of steps, time or instructions; along y addresses, which rise upwards. */

export interface Viewport {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const toX = (value: number, { x0, x1 }: Viewport, { left, width }: Box): number =>
  left + ((value - x0) / (x1 - x0)) * width;

export const toY = (value: number, { y0, y1 }: Viewport, { top, height }: Box): number =>
  top + height - ((value - y0) / (y1 - y0)) * height;

export const fromX = (pixel: number, { x0, x1 }: Viewport, { left, width }: Box): number =>
  x0 + ((pixel - left) / width) * (x1 - x0);

export const fromY = (pixel: number, { y0, y1 }: Viewport, { top, height }: Box): number =>
  y0 + ((top + height - pixel) / height) * (y1 - y0);

/** Zooms by a factor (below 1: closer) around a point, separately along x and y. */
export function zoomed(view: Viewport, at: { readonly x: number; readonly y: number }, x: number, y: number): Viewport {
  return {
    x0: at.x - (at.x - view.x0) * x,
    x1: at.x + (view.x1 - at.x) * x,
    y0: at.y - (at.y - view.y0) * y,
    y1: at.y + (view.y1 - at.y) * y,
  };
}

/** The view moved and shrunk so that it lies inside of the whole. */
export function within(view: Viewport, whole: Viewport, least: { readonly x: number; readonly y: number }): Viewport {
  const [x0, x1] = fitted(view.x0, view.x1, whole.x0, whole.x1, least.x);
  const [y0, y1] = fitted(view.y0, view.y1, whole.y0, whole.y1, least.y);
  return { x0, x1, y0, y1 };
}

function fitted(from: number, to: number, low: number, high: number, least: number): readonly [number, number] {
  const size = Math.min(high - low, Math.max(least, to - from));
  const middle = (from + to) / 2;
  const start = Math.min(high - size, Math.max(low, middle - size / 2));
  return [start, start + size];
}

/** Round numbers between two bounds, at most about `count`; in binary units for bytes. */
export function ticks(from: number, to: number, count: number, isBinary: boolean): readonly number[] {
  const span = to - from;
  if (!(span > 0) || count < 1) return [];
  const step = isBinary ? 2 ** Math.ceil(Math.log2(span / count)) : roundStep(span / count);
  const found: number[] = [];
  for (let value = Math.ceil(from / step) * step; value <= to; value += step) found.push(value);
  return found;
}

function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((one) => one * power >= raw) ?? 10;
  return factor * power;
}
