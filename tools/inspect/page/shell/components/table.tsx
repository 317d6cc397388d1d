/** A table of any length: sorts by a click on a column's title, scrolls with a fixed head, and is driven by keys. */
import type { ComponentChildren } from 'preact';
import { useId, useMemo, useState } from 'preact/hooks';
import { Empty } from './empty.tsx';
import { movedBy, useWindow } from './use-window.ts';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** A track of a CSS grid, e.g. `90px`, `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  /** Explains the column. */
  readonly hint?: string;
  /** What the column sorts by; a column without it does not sort. */
  readonly value?: (row: Row) => number | string;
  readonly cell: (row: Row) => ComponentChildren;
}

export interface Sort {
  readonly key: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  /** For screen readers. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** The order at the start; without it that of `rows`. */
  readonly sort?: Sort;
  /** Marks the row that is chosen elsewhere. */
  readonly isCurrent?: (row: Row) => boolean;
  /** Marks rows as less important. */
  readonly isFaint?: (row: Row) => boolean;
  /** A click on a row, or Enter. */
  readonly onChoose?: (row: Row) => void;
  /** The pointer is over a row, or left. */
  readonly onHover?: (row: Row | null) => void;
  /** Said when there are no rows. */
  readonly empty?: string;
}

/** Heights in pixels; style.css of the components has the same. */
const ROW = 22;
const HEAD = 24;

export function Table<Row>(props: TableProps<Row>) {
  const { label, rows, columns, onChoose, onHover, isCurrent, isFaint, empty = 'Nothing here' } = props;
  const [sort, setSort] = useState<Sort | null>(props.sort ?? null);
  const [cursor, setCursor] = useState(-1);
  const sorted = useMemo(() => sortedRows(rows, columns, sort), [rows, columns, sort]);
  const view = useWindow(sorted.length, ROW, HEAD);
  const id = useId();
  const grid = `grid-template-columns:${columns.map(({ width }) => width).join(' ')}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    const chosen = sorted[cursor];
    if (event.key === 'Enter' && chosen !== undefined && event.target === event.currentTarget) onChoose?.(chosen);
    const target = movedBy(event.key, cursor, sorted.length, view.page);
    if (target === null) return;
    event.preventDefault();
    setCursor(target);
    view.reveal(target);
  };
  return (
    <div
      class="ui-table"
      role="grid"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      aria-activedescendant={cursor < 0 ? undefined : `${id}-${cursor}`}
      tabIndex={0}
      ref={view.ref}
      onKeyDown={onKeyDown}
      onMouseLeave={() => onHover?.(null)}
    >
      <Head columns={columns} grid={grid} sort={sort} onSort={setSort} />
      <div class="ui-table-rows" role="rowgroup" style={`height:${sorted.length * ROW}px`}>
        {sorted.slice(view.first, view.end).map((row, offset) => {
          const index = view.first + offset;
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={isCurrent?.(row) ?? false}
              class={`ui-row${index === cursor ? ' at-cursor' : ''}${isFaint?.(row) === true ? ' is-faint' : ''}${onChoose === undefined ? '' : ' is-choosable'}`}
              style={`top:${index * ROW}px;${grid}`}
              onClick={() => {
                setCursor(index);
                onChoose?.(row);
              }}
              onMouseEnter={() => onHover?.(row)}
            >
              {columns.map(({ key, align, cell }) => (
                <span key={key} role="gridcell" class={align === 'end' ? 'at-end' : undefined}>
                  {cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
      {sorted.length === 0 && <Empty>{empty}</Empty>}
    </div>
  );
}

interface HeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly grid: string;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort) => void;
}

function Head<Row>({ columns, grid, sort, onSort }: HeadProps<Row>) {
  return (
    <div class="ui-table-head" role="row" aria-rowindex={1} style={grid}>
      {columns.map(({ key, title, hint, align, value }) => {
        const order = sort?.key === key ? (sort.descending ? 'descending' : 'ascending') : 'none';
        return (
          <span
            key={key}
            role="columnheader"
            title={hint}
            class={align === 'end' ? 'at-end' : undefined}
            aria-sort={value === undefined ? undefined : order}
          >
            {value === undefined ? (
              title
            ) : (
              <button
                type="button"
                onClick={() => onSort({ key, descending: order === 'none' ? align === 'end' : order === 'ascending' })}
              >
                {title}
                <i aria-hidden="true">{order === 'none' ? '' : order === 'descending' ? ' ▾' : ' ▴'}</i>
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}

function sortedRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null): readonly Row[] {
  const value = columns.find(({ key }) => key === sort?.key)?.value;
  if (value === undefined) return rows;
  const sign = sort?.descending === true ? -1 : 1;
  return rows
    .map((row) => ({ row, by: value(row) }))
    .sort((left, right) => sign * compare(left.by, right.by)) // the array is our own
    .map(({ row }) => row);
}

const compare = (left: number | string, right: number | string): number =>
  typeof left === 'number' && typeof right === 'number'
    ? left - right
    : String(left) < String(right)
      ? -1
      : String(left) > String(right)
        ? 1
        : 0;
