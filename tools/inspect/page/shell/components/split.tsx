/** Two panes with a divider that is dragged or moved with the arrow keys; its place is remembered. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { remember, remembered } from '../storage.ts';

export interface SplitProps {
  /** Name under which the divider's place is remembered; unique in the page. */
  readonly name: string;
  /** `columns`: side by side. `rows`: one above the other. */
  readonly direction: 'columns' | 'rows';
  /** Share of the first pane at the start. */
  readonly initial?: number;
  /** The least of each pane in pixels. */
  readonly least?: number;
  readonly first: ComponentChildren;
  readonly second: ComponentChildren;
}

export function Split({ name, direction, initial = 0.5, least = 120, first, second }: SplitProps) {
  const [share, setShare] = useState(() => rememberedShare(name) ?? initial);
  const element = useRef<HTMLDivElement | null>(null);
  const isColumns = direction === 'columns';
  const move = (next: number): void => {
    const limited = Math.min(0.95, Math.max(0.05, next));
    setShare(limited);
    remember(`split.${name}`, limited.toFixed(4));
  };
  const drag = (event: PointerEvent): void => {
    const box = element.current?.getBoundingClientRect();
    if (event.buttons === 0 || box === undefined) return;
    move(isColumns ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height);
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === (isColumns ? 'ArrowLeft' : 'ArrowUp')) move(share - 0.02);
    if (key === (isColumns ? 'ArrowRight' : 'ArrowDown')) move(share + 0.02);
  };
  const tracks = `minmax(${least}px, ${share}fr) 5px minmax(${least}px, ${1 - share}fr)`;
  return (
    <div class={`ui-split is-${direction}`} ref={element} style={`grid-template-${direction}:${tracks}`}>
      <div class="ui-pane">{first}</div>
      <div
        class="ui-divider"
        role="separator"
        aria-label="Resize"
        aria-orientation={isColumns ? 'vertical' : 'horizontal'}
        aria-valuenow={Math.round(share * 100)}
        tabIndex={0}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={drag}
        onDblClick={() => move(initial)}
        onKeyDown={onKeyDown}
      />
      <div class="ui-pane">{second}</div>
    </div>
  );
}

function rememberedShare(name: string): number | null {
  const share = Number(remembered(`split.${name}`) ?? Number.NaN);
  return share > 0 && share < 1 ? share : null;
}
