/** Where the pointer is over a canvas. */
import { useState } from 'preact/hooks';

export interface Pointer {
  /** In the canvas. */
  readonly x: number;
  readonly y: number;
  /** In the window. */
  readonly at: { readonly x: number; readonly y: number };
}

export function usePointer() {
  const [pointer, setPointer] = useState<Pointer | null>(null);
  return {
    pointer,
    track: ({ offsetX, offsetY, clientX, clientY }: PointerEvent): void =>
      setPointer({ x: offsetX, y: offsetY, at: { x: clientX, y: clientY } }),
    leave: (): void => setPointer(null),
  };
}
