/** Where the time (or, where nothing was timed, the work) goes: the network's Cells, one level after the other. */
import { useMemo, useState } from 'preact/hooks';
import type { CellCost, CostSection } from '../../../report/index.ts';
import { formatAmount, formatBytes, formatPercent, formatSeconds, List, Meter } from '../../shell/components/index.ts';
import { selectCell, selection } from '../../shell/state.ts';

/** A Cell that is shown, and how deep it stands. */
interface Row {
  readonly index: number;
  readonly cell: CellCost;
  readonly depth: number;
  readonly isOpen: boolean;
  readonly hasChildren: boolean;
}

export function CostByCell({ costs }: { readonly costs: CostSection }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(() => openedAtFirst(costs));
  const rows = useMemo(() => rowsOf(costs, open), [costs, open]);
  const toggle = (index: number): void => {
    const next = new Set(open);
    if (!next.delete(index)) next.add(index);
    setOpen(next);
  };
  const onKey = ({ key }: KeyboardEvent, { index, isOpen, hasChildren }: Row): boolean => {
    const isTurn = hasChildren && key === (isOpen ? 'ArrowLeft' : 'ArrowRight');
    if (isTurn) toggle(index);
    return isTurn;
  };
  if (costs.cells.length === 0) return null;
  return (
    <section class="overview-part">
      <h2>{costs.timed ? 'Time by Cell' : 'Operations by Cell'}</h2>
      <List
        label="Cells"
        rows={rows}
        rowHeight={22}
        isCurrent={({ cell }) => selection.value?.kind === 'cell' && selection.value.path === cell.path}
        onChoose={({ cell }) => selectCell(cell.path)}
        onKey={onKey}
        row={(row) => <CellRow row={row} costs={costs} onToggle={() => toggle(row.index)} />}
      />
    </section>
  );
}

interface CellRowProps {
  readonly row: Row;
  readonly costs: CostSection;
  readonly onToggle: () => void;
}

function CellRow({ row: { cell, depth, isOpen, hasChildren }, costs, onToggle }: CellRowProps) {
  const share = costOf(costs, cell) / (costs.timed ? costs.total.seconds : costs.total.flops);
  return (
    <div class="cell-row">
      <span style={`padding-left:${depth * 14}px`} title={cell.path}>
        <button
          type="button"
          class="cell-toggle"
          tabIndex={-1}
          aria-label={isOpen ? 'Collapse' : 'Expand'}
          disabled={!hasChildren}
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
        >
          {!hasChildren ? '' : isOpen ? '▾' : '▸'}
        </button>
        <code>{cell.path.split('.').at(-1) || 'network'}</code> <small class="faint">{cell.className}</small>
      </span>
      <span class="at-end">{costs.timed ? formatSeconds(cell.total.seconds) : formatAmount(cell.total.flops)}</span>
      <Meter share={share}>{formatPercent(share)}</Meter>
      <span class="at-end faint">{cell.total.parameterBytes === 0 ? '' : formatBytes(cell.total.parameterBytes)}</span>
    </div>
  );
}

const costOf = (costs: CostSection, { total }: CellCost): number => (costs.timed ? total.seconds : total.flops);

/** The roots, and on from there the Cells that cost more than half of everything. */
function openedAtFirst(costs: CostSection): ReadonlySet<number> {
  const half = (costs.timed ? costs.total.seconds : costs.total.flops) / 2;
  return new Set(
    costs.cells.flatMap((cell, index) => (cell.parent === -1 || costOf(costs, cell) > half ? [index] : [])),
  );
}

/** The rows of an opened tree, the costliest child first. */
function rowsOf(costs: CostSection, open: ReadonlySet<number>): readonly Row[] {
  const children = new Map<number, number[]>();
  costs.cells.forEach(({ parent }, index) => children.set(parent, [...(children.get(parent) ?? []), index]));
  const rows: Row[] = [];
  const visit = (parent: number, depth: number): void => {
    const inside = (children.get(parent) ?? []).flatMap((index) => {
      const cell = costs.cells[index];
      return cell === undefined ? [] : [{ index, cell }];
    });
    for (const { index, cell } of inside.sort((left, right) => costOf(costs, right.cell) - costOf(costs, left.cell))) {
      const hasChildren = children.has(index);
      rows.push({ index, cell, depth, isOpen: open.has(index), hasChildren });
      if (open.has(index)) visit(index, depth + 1);
    }
  };
  visit(-1, 0);
  return rows;
}
