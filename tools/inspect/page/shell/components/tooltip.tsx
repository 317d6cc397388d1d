/** A box beside the pointer that stays inside the window; for canvases, where `title` does not reach. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface TooltipProps {
  /** The pointer in the window (clientX, clientY), or null to hide. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly children: ComponentChildren;
}

const GAP = 14;

export function Tooltip({ at, children }: TooltipProps) {
  const element = useRef<HTMLDivElement | null>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const box = element.current?.getBoundingClientRect();
    if (at === null || box === undefined) return;
    const left = at.x + GAP + box.width > innerWidth ? Math.max(4, at.x - GAP - box.width) : at.x + GAP;
    const top = at.y + GAP + box.height > innerHeight ? Math.max(4, at.y - GAP - box.height) : at.y + GAP;
    setPlace((known) => (known.left === left && known.top === top ? known : { left, top }));
  });
  if (at === null) return null;
  return (
    <div class="ui-tooltip" role="tooltip" ref={element} style={`left:${place.left}px;top:${place.top}px`}>
      {children}
    </div>
  );
}
