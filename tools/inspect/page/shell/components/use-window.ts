/** Which rows of a long list are on screen: only those are drawn, so that 100,000 rows cost as much as forty. */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows drawn beyond each edge, so that a fast scroll shows no gap. */
const MARGIN = 12;

export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** For the element that scrolls. */
  readonly ref: (element: HTMLElement | null) => void;
  /** Scrolls as little as needed to show a row; `header` pixels at the top are covered. */
  readonly reveal: (row: number) => void;
  /** Rows that fit on screen. */
  readonly page: number;
}

export function useWindow(count: number, rowHeight: number, header = 0): RowWindow {
  const element = useRef<HTMLElement | null>(null);
  const observer = useRef<ResizeObserver | null>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const measure = useCallback(() => {
    const scroller = element.current;
    if (scroller === null) return;
    const [top, height] = [Math.floor(scroller.scrollTop / rowHeight) * rowHeight, scroller.clientHeight];
    setView((known) => (known.top === top && known.height === height ? known : { top, height }));
  }, [rowHeight]);
  const ref = useCallback(
    (next: HTMLElement | null) => {
      element.current?.removeEventListener('scroll', measure);
      observer.current?.disconnect();
      element.current = next;
      if (next === null) return;
      next.addEventListener('scroll', measure, { passive: true });
      observer.current = new ResizeObserver(measure);
      observer.current.observe(next);
    },
    [measure],
  );
  useLayoutEffect(measure, [measure, count]);
  const reveal = useCallback(
    (row: number) => {
      const scroller = element.current;
      if (scroller === null) return;
      const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight];
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (bottom > scroller.scrollTop + scroller.clientHeight - header)
        scroller.scrollTop = bottom - scroller.clientHeight + header;
    },
    [rowHeight, header],
  );
  return {
    first: Math.max(0, Math.floor(view.top / rowHeight) - MARGIN),
    end: Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + MARGIN),
    ref,
    reveal,
    page: Math.max(1, Math.floor((view.height - header) / rowHeight) - 1),
  };
}

/** Where a key moves the cursor of a list, or null when the key is not one of a list. */
export function movedBy(key: string, cursor: number, count: number, page: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: cursor + 1,
    ArrowUp: cursor - 1,
    PageDown: cursor + page,
    PageUp: cursor - page,
    Home: 0,
    End: count - 1,
  };
  const target = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return target === undefined || count === 0 ? null : Math.max(0, Math.min(count - 1, target));
}
