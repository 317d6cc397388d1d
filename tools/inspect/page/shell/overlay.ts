/** What lies over the page: one layer or none. */
import { effect, signal } from '@preact/signals';

export type Overlay = 'search' | 'help' | 'exports' | null;
export const overlay = signal<Overlay>(null);

/** Puts the focus back where it was when a layer closes. */
export function startOverlays(): void {
  let before: Element | null = null;
  effect(() => {
    if (overlay.value !== null) before ??= document.activeElement;
    else {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      before = null;
    }
  });
}
