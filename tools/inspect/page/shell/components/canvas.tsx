/** A canvas that fills its parent: sharp on every screen, drawn again when its size, the theme or the drawing changes. */
import type { CanvasHTMLAttributes } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { colours, type Colours } from '../theme.ts';

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Draw = (context: CanvasRenderingContext2D, size: Size, colours: Colours) => void;

export interface CanvasProps extends Omit<CanvasHTMLAttributes<HTMLCanvasElement>, 'ref' | 'label'> {
  /** For screen readers: what is drawn. */
  readonly label: string;
  /** Draws in CSS pixels; the canvas is cleared before. Keep the same function (useCallback) while nothing changes. */
  readonly draw: Draw;
  readonly onSize?: (size: Size) => void;
}

export function Canvas({ label, draw, onSize, ...rest }: CanvasProps) {
  const element = useRef<HTMLCanvasElement | null>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const palette = colours.value;
  useEffect(() => {
    const canvas = element.current;
    if (canvas === null) return;
    const observer = new ResizeObserver(() => {
      const next = { width: canvas.clientWidth, height: canvas.clientHeight };
      setSize((known) => (known.width === next.width && known.height === next.height ? known : next));
    });
    observer.observe(canvas);
    return () => observer.disconnect();
  }, []);
  useEffect(() => onSize?.(size), [size, onSize]);
  useEffect(() => {
    const request = requestAnimationFrame(() => paint(element.current, draw, size, palette));
    return () => cancelAnimationFrame(request);
  }, [draw, size, palette]);
  return <canvas class="ui-canvas" role="img" aria-label={label} tabIndex={0} ref={element} {...rest} />;
}

function paint(canvas: HTMLCanvasElement | null, draw: Draw, size: Size, palette: Colours): void {
  const context = canvas?.getContext('2d') ?? null;
  if (canvas === null || context === null || size.width === 0 || size.height === 0) return;
  const [width, height] = [Math.round(size.width * devicePixelRatio), Math.round(size.height * devicePixelRatio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  draw(context, size, palette);
}
