/** What came from the chosen line: its costs, what the other views show of it, and the Cells in which it ran. */
import { useEffect, useState } from 'preact/hooks';
import { type CostSection, itemPlaces, sectionItems, type SectionName, sectionNames } from '../../../report/index.ts';
import { Empty, formatBytes, formatCount, formatPercent, Meter } from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { openView, selectCell, selection, selectionLabel, shownPlaces, type ViewName } from '../../shell/state.ts';
import { cellsAt, type LineCost, lineKey, type Lines, type Measure, measures } from '../../shell/lines.ts';

export interface LinePanelProps {
  readonly report: LoadedReport;
  readonly costs: CostSection | null;
  readonly lines: Lines;
  readonly measure: Measure;
}

export function LinePanel({ report, costs, lines, measure }: LinePanelProps) {
  const chosen = selection.value;
  if (chosen === null) return <Empty>Choose a line to see what came from it</Empty>;
  const cost = chosen.kind === 'line' ? lines.get(lineKey(chosen.file, chosen.line)) : undefined;
  const text = chosen.kind === 'line' ? report.head.sources[chosen.file]?.text.split('\n')[chosen.line - 1] : undefined;
  return (
    <section class="source-panel" aria-label="What came from the selection">
      <h2>{selectionLabel.value}</h2>
      {text !== undefined && <pre>{text.trim()}</pre>}
      {cost !== undefined && costs !== null && <Costs cost={cost} costs={costs} />}
      <Diagnostics report={report} />
      <Found report={report} />
      {chosen.kind === 'line' && costs !== null && (
        <Cells cells={cellsAt(report.head, costs, chosen, measure)} measure={measure} />
      )}
    </section>
  );
}

function Costs({ cost, costs }: { readonly cost: LineCost; readonly costs: CostSection }) {
  const shown = measures.filter(({ value }) => costs.timed || value === 'flops');
  return (
    <dl class="source-costs">
      {shown.map(({ value, title, format }) => (
        <div key={value}>
          <dt>{title}</dt>
          <dd>{format(cost[value])}</dd>
          <Meter share={cost[value] / costs.total[value]}>{formatPercent(cost[value] / costs.total[value])}</Meter>
        </div>
      ))}
      {cost.parameterBytes > 0 && (
        <div>
          <dt>Parameters</dt>
          <dd>{formatBytes(cost.parameterBytes)}</dd>
          <Meter share={cost.parameterBytes / costs.total.parameterBytes}>
            {formatPercent(cost.parameterBytes / costs.total.parameterBytes)}
          </Meter>
        </div>
      )}
    </dl>
  );
}

/** What the compiler said about the selection, in full. */
function Diagnostics({ report }: { readonly report: LoadedReport }) {
  const found = report.head.diagnostics.filter(({ place }) => shownPlaces.value?.has(place) ?? false);
  return (
    <>
      {found.map(({ severity, code, message, help }, index) => (
        <p key={index} class="source-said">
          <b class={`source-note is-${severity}`}>
            {severity} {code}
          </b>{' '}
          {message}
          {help !== null && <small class="faint">{`\n${help}`}</small>}
        </p>
      ))}
    </>
  );
}

/** A section and how many of its items came from the selection. */
interface FoundItems {
  readonly view: ViewName;
  readonly noun: string;
  readonly count: number;
  readonly total: number;
}

/** Links to the views with the number of things that came from the selection. */
function Found({ report }: { readonly report: LoadedReport }) {
  const places = shownPlaces.value;
  const [found, setFound] = useState<readonly FoundItems[]>([]);
  useEffect(() => {
    let isCurrent = true;
    void Promise.all(sectionNames.filter(report.has).map((name) => countItems(report, name, places))).then((counts) => {
      if (isCurrent) setFound(counts.filter((items) => items !== null));
    });
    return () => {
      isCurrent = false;
    };
  }, [report, places]);
  return (
    <div class="source-found">
      {found.map(({ view, noun, count, total }) => (
        <button
          key={view}
          type="button"
          class="ui-button"
          disabled={count === 0}
          onClick={() => (openView.value = view)}
        >
          <b>{formatCount(count)}</b> of {formatCount(total)} {noun}
        </button>
      ))}
    </div>
  );
}

async function countItems(
  report: LoadedReport,
  name: SectionName,
  shown: ReadonlySet<number> | null,
): Promise<FoundItems | null> {
  const noun = sectionItems[name]?.noun;
  if (noun === undefined || name === 'costs') return null;
  const places = itemPlaces(name, await report.section(name)) ?? [];
  if (places.length === 0) return null;
  return { view: name, noun, total: places.length, count: places.filter((place) => shown?.has(place) ?? true).length };
}

interface CellsProps {
  readonly cells: ReturnType<typeof cellsAt>;
  readonly measure: Measure;
}

/** A line of a Cell's class runs once for each Cell of it. */
function Cells({ cells, measure }: CellsProps) {
  const most = cells[0]?.cost ?? 0;
  const format = measures.find(({ value }) => value === measure)?.format ?? String;
  const inCells = cells.filter(({ cell }) => cell !== '');
  if (inCells.length === 0) return null;
  return (
    <>
      <h3>
        {formatCount(inCells.length)} {inCells.length === 1 ? 'Cell' : 'Cells'}
      </h3>
      <ul class="source-cells">
        {inCells.map(({ cell, cellClass, cost }) => (
          <li key={cell}>
            <button type="button" class="place-link" title="Show only this Cell" onClick={() => selectCell(cell)}>
              {cell}
            </button>
            <small class="faint">{cellClass}</small>
            <span class="at-end">{format(cost)}</span>
            <Meter share={cost / most} />
          </li>
        ))}
      </ul>
    </>
  );
}
