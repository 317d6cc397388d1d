/** A list of any length whose rows the caller draws; the arrow keys move, Enter chooses. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Empty } from './empty.tsx';
import { movedBy, useWindow } from './use-window.ts';

export interface ListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowHeight?: number;
  readonly row: (row: Row, index: number) => ComponentChildren;
  readonly isCurrent?: (row: Row) => boolean;
  readonly onChoose?: (row: Row) => void;
  /** Further keys at the row of the cursor, e.g. to expand it; true when the key was used. */
  readonly onKey?: (event: KeyboardEvent, row: Row) => boolean;
  readonly empty?: string;
}

export function List<Row>(props: ListProps<Row>) {
  const { label, rows, rowHeight = 22, row: draw, isCurrent, onChoose, onKey, empty = 'Nothing here' } = props;
  const [cursor, setCursor] = useState(-1);
  const view = useWindow(rows.length, rowHeight);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    const chosen = rows[cursor];
    if (chosen !== undefined && onKey?.(event, chosen) === true) return event.preventDefault();
    if (event.key === 'Enter' && chosen !== undefined && event.target === event.currentTarget) onChoose?.(chosen);
    const target = movedBy(event.key, cursor, rows.length, view.page);
    if (target === null) return;
    event.preventDefault();
    setCursor(target);
    view.reveal(target);
  };
  return (
    <div
      class="ui-list"
      role="listbox"
      aria-label={label}
      aria-activedescendant={cursor < 0 ? undefined : `${id}-${cursor}`}
      tabIndex={0}
      ref={view.ref}
      onKeyDown={onKeyDown}
    >
      <div class="ui-table-rows" role="presentation" style={`height:${rows.length * rowHeight}px`}>
        {rows.slice(view.first, view.end).map((row, offset) => {
          const index = view.first + offset;
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              role="option"
              aria-selected={isCurrent?.(row) ?? false}
              class={`ui-row ${index === cursor ? 'at-cursor' : ''} ${onChoose === undefined ? '' : 'is-choosable'}`}
              style={`top:${index * rowHeight}px;height:${rowHeight}px`}
              onClick={() => {
                setCursor(index);
                onChoose?.(row);
              }}
            >
              {draw(row, index)}
            </div>
          );
        })}
      </div>
      {rows.length === 0 && <Empty>{empty}</Empty>}
    </div>
  );
}
