/**
 * Draws a lane of which many segments fall on each pixel: a column for each pixel, stacked by state with work at the bottom. The
 * pixels are written one by one, which costs the same however many states a column has.
 */
import { IDLE, pipeStates } from '../../../../report/index.ts';
import type { Colours } from '../../../shell/theme.ts';
import { stateColours } from '../look.ts';
import type { Viewport } from '../viewport.ts';
import { pixelStates, type Lane } from './lanes.ts';

/** In CSS pixels. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const STATES = pipeStates.length;
let sums = new Float32Array(0);
let image: ImageData | null = null;

export function drawDense(
  context: CanvasRenderingContext2D,
  lane: Lane,
  view: Viewport,
  box: Box,
  colours: Colours,
): void {
  const scale = context.getTransform().a;
  const [width, height] = [Math.floor(box.width * scale), Math.floor(box.height * scale)];
  if (sums.length < width * STATES) sums = new Float32Array(width * STATES);
  if (image?.width !== width || image.height !== height) image = context.createImageData(width, height);
  pixelStates(lane, view.from, view.to, width, sums);
  const pixels = new Uint32Array(image.data.buffer);
  const palette = paletteOf(colours);
  const ticks = (view.to - view.from) / width;
  for (let x = 0; x < width; x++) {
    let [filled, y] = [0, height];
    for (let state = 0; state < IDLE; state++) {
      filled += sums[x * STATES + state] ?? 0;
      const top = Math.max(0, Math.round(height * (1 - filled / ticks)));
      for (; y > top; y--) pixels[(y - 1) * width + x] = palette[state] ?? 0;
    }
    for (; y > 0; y--) pixels[(y - 1) * width + x] = 0;
  }
  context.putImageData(image, Math.round(box.x * scale), Math.round(box.y * scale));
}

const palettes = new WeakMap<Colours, Uint32Array>();

/** Colours by state as pixels. */
function paletteOf(colours: Colours): Uint32Array {
  const known = palettes.get(colours) ?? Uint32Array.from(stateColours, (name) => pixelOf(colours[name]));
  palettes.set(colours, known);
  return known;
}

/** `rgb(1, 2, 3)` as a pixel; all machines that run browsers are little-endian. */
function pixelOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
