/** The part of a time axis that is visible, and how keys, wheel and pointer move it. */

export interface Viewport {
  readonly from: number;
  readonly to: number;
}

/** The visible part inside of 0 … `end`, no shorter than `least`. */
export function limited({ from, to }: Viewport, end: number, least: number): Viewport {
  const length = Math.min(end, Math.max(least, to - from));
  const start = Math.max(0, Math.min(end - length, from));
  return { from: start, to: start + length };
}

/** Zooms so that the time under the pointer stays under it; `factor` < 1 shows less. */
export function zoomed({ from, to }: Viewport, at: number, factor: number): Viewport {
  return { from: at - (at - from) * factor, to: at + (to - at) * factor };
}

/** Moves by a share of what is visible. */
export function panned({ from, to }: Viewport, share: number): Viewport {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

const KEY_ZOOM = 0.7;
const KEY_PAN = 0.15;

/** What a key does to the visible part, as in Perfetto: W and S zoom, A and D move; the arrow keys do the same. Null for other keys. */
export function movedByKey(key: string, view: Viewport, at: number, end: number): Viewport | null {
  const actions: Readonly<Record<string, () => Viewport>> = {
    w: () => zoomed(view, at, KEY_ZOOM),
    s: () => zoomed(view, at, 1 / KEY_ZOOM),
    a: () => panned(view, -KEY_PAN),
    d: () => panned(view, KEY_PAN),
    arrowup: () => zoomed(view, at, KEY_ZOOM),
    arrowdown: () => zoomed(view, at, 1 / KEY_ZOOM),
    arrowleft: () => panned(view, -KEY_PAN),
    arrowright: () => panned(view, KEY_PAN),
    home: () => ({ from: 0, to: end }),
    0: () => ({ from: 0, to: end }),
  };
  return actions[key.toLowerCase()]?.() ?? null;
}

/** What is needed of a WheelEvent. */
interface Wheel {
  readonly shiftKey: boolean;
  readonly deltaX: number;
  readonly deltaY: number;
}

/** What the wheel does: it zooms at the pointer; with shift, or sideways, it moves. */
export function movedByWheel(event: Wheel, view: Viewport, at: number, width: number): Viewport {
  const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return panned(view, sideways / width);
  return zoomed(view, at, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))));
}

/** Round distances between marks of an axis: 1, 2 or 5 times a power of ten, at least `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= least);
  return (step ?? 10) * power;
}
