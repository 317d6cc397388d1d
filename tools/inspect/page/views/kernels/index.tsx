/** The kernels view: all launches over time and as a table, and below them the chosen one with its kernel. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Bound, KernelSection } from '../../../report/index.ts';
import {
  Loading,
  SearchField,
  Spring,
  Split,
  Toolbar,
  formatBytes,
  formatCount,
  formatSeconds,
} from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { useSection } from '../../shell/section.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { openView, selection, shownPlaces } from '../../shell/state.ts';
import type { View } from '../../shell/view.ts';
import { KernelPanel } from './kernel-panel.tsx';
import './kernels.css';
import { isLaunchShown, launchRows, matches, type LaunchRow } from './launch-rows.ts';
import { LaunchTable } from './launch-table.tsx';
import { boundColours, boundNotes } from './look.ts';
import { ProgramStrip } from './program-strip.tsx';
import { chooseLaunch, chosenLaunch } from './state.ts';

export const kernelView: View = {
  name: 'kernels',
  title: 'Kernels',
  isPresent: (report) => report.has('kernels'),
  Component: KernelView,
  items: async (report) => {
    const section = await report.section('kernels');
    return launchRows(section).map((row) => ({
      label: row.name,
      detail: `launch #${row.number}, ${row.microseconds.toFixed(2)} us`,
      kind: 'kernel',
      open: () => {
        openView.value = 'kernels';
        chooseLaunch(row.number);
      },
    }));
  },
  keys: [
    { keys: 'W S, wheel', action: 'Zoom the timeline at the pointer' },
    { keys: 'A D, Shift wheel', action: 'Move the timeline' },
    { keys: 'drag', action: 'Mark a range and read its utilization' },
    { keys: '0', action: 'Show the whole launch' },
  ],
};

function KernelView({ report }: { readonly report: LoadedReport }) {
  const section = useSection(report, 'kernels');
  return section === null ? <Loading /> : <Kernels section={section} />;
}

function Kernels({ section }: { readonly section: KernelSection }) {
  const [query, setQuery] = useState('');
  const rows = useMemo(() => launchRows(section), [section]);
  const places = shownPlaces.value;
  const isShown = useCallback((row: LaunchRow) => isLaunchShown(row) && matches(row, query), [places, query]);
  const shown = useMemo(() => rows.filter(isShown), [rows, isShown]);
  const longest = shown.reduce<LaunchRow | undefined>(
    (most, row) => (most === undefined || row.microseconds > most.microseconds ? row : most),
    undefined,
  );
  const launch = rows[Number(chosenLaunch.value === '' ? Number.NaN : chosenLaunch.value)] ?? longest ?? rows[0];
  return (
    <div class="kernels">
      <Toolbar label="Launches">
        <SearchField
          label="Filter launches"
          value={query}
          onInput={setQuery}
          count={`${shown.length} of ${rows.length}`}
        />
        <Summary section={section} shown={shown} />
      </Toolbar>
      {section.fault !== null && (
        <p class="kernel-fault" role="alert">
          Timing ended here: {section.fault.message} <PlaceLink place={section.fault.place} />
        </p>
      )}
      <ProgramStrip rows={rows} microseconds={section.microseconds} isShown={isShown} />
      <Split
        name="kernels"
        direction="rows"
        initial={0.32}
        first={
          <LaunchTable
            rows={shown}
            empty={selection.value === null ? 'No launches' : 'No launch comes from what is selected'}
          />
        }
        second={
          launch === undefined ? null : <KernelPanel section={section} rows={rows} launch={launch} isShown={isShown} />
        }
      />
    </div>
  );
}

const controlFlowNotes: Readonly<Record<KernelSection['controlFlow'], string>> = {
  none: '',
  assumed: 'branches taken, loops turned once',
  decided: 'control flow as in the run',
};

function Summary({ section, shown }: { readonly section: KernelSection; readonly shown: readonly LaunchRow[] }) {
  const sum = (value: (row: LaunchRow) => number): number => shown.reduce((total, row) => total + value(row), 0);
  const bounds = new Map<Bound, number>();
  for (const row of shown) bounds.set(row.bound, (bounds.get(row.bound) ?? 0) + row.share);
  return (
    <>
      <b>{formatSeconds(sum((row) => row.microseconds) * 1e-6)}</b>
      <span class="faint">
        in {formatCount(shown.length)} launches of {new Set(shown.map((row) => row.kernel)).size} kernels
        {section.controlFlow === 'none' ? '' : `, ${controlFlowNotes[section.controlFlow]}`}
      </span>
      <span class="faint">
        HBM {formatBytes(sum((row) => row.hbmBytes))}, L2 {formatBytes(sum((row) => row.l2Bytes))}
      </span>
      <Spring />
      <span class="bounds" title="Time by what launches are bound by">
        {[...bounds]
          .sort(([, left], [, right]) => right - left)
          .map(([name, share]) => (
            <span key={name} class="bound" title={boundNotes[name]} style={`--colour:var(--${boundColours[name]})`}>
              {name} {Math.round(share * 100)} %
            </span>
          ))}
      </span>
    </>
  );
}
