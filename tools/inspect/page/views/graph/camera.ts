/** Which part of the picture is on screen. */
import type { Size } from '../../shell/components/index.ts';

/** A point p of the picture is drawn at (p - corner) * scale. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const SMALLEST = 0.02;
const LARGEST = 4;
/** Pixels around what is fitted. */
const MARGIN = 24;

/** Shows an area whole, at most at its own size unless `largest` says so. */
export function fitted(area: Area, size: Size, largest = 1): Camera {
  const scale = limited(
    Math.min(
      (size.width - 2 * MARGIN) / Math.max(area.width, 1),
      (size.height - 2 * MARGIN) / Math.max(area.height, 1),
      largest,
    ),
  );
  return {
    x: area.x + area.width / 2 - size.width / 2 / scale,
    y: area.y + area.height / 2 - size.height / 2 / scale,
    scale,
  };
}

/** At the start: all of it where that can be read, else its top at a size that can be read. */
export function opening(area: Area, size: Size): Camera {
  const whole = fitted(area, size);
  if (whole.scale >= 0.5) return whole;
  return { x: area.x + area.width / 2 - size.width / 2 / 0.8, y: area.y - MARGIN / 0.8, scale: 0.8 };
}

/** The point under the pointer stays where it is. */
export function zoomed(camera: Camera, factor: number, at: { readonly x: number; readonly y: number }): Camera {
  const scale = limited(camera.scale * factor);
  return {
    x: camera.x + at.x / camera.scale - at.x / scale,
    y: camera.y + at.y / camera.scale - at.y / scale,
    scale,
  };
}

export const moved = (camera: Camera, x: number, y: number): Camera => ({
  ...camera,
  x: camera.x - x / camera.scale,
  y: camera.y - y / camera.scale,
});

/** Moves just enough to show an area, and as far into it as it can be read. */
export function showing(camera: Camera, area: Area, size: Size): Camera {
  const scale = Math.max(camera.scale, Math.min(0.7, fitted(area, size).scale));
  const centred = {
    x: area.x + area.width / 2 - size.width / 2 / scale,
    y: area.y + area.height / 2 - size.height / 2 / scale,
    scale,
  };
  return isVisible(camera, area, size) && scale === camera.scale ? camera : centred;
}

const isVisible = ({ x, y, scale }: Camera, area: Area, size: Size): boolean =>
  area.x >= x &&
  area.y >= y &&
  area.x + area.width <= x + size.width / scale &&
  area.y + area.height <= y + size.height / scale;

const limited = (scale: number): number => Math.min(LARGEST, Math.max(SMALLEST, scale));
