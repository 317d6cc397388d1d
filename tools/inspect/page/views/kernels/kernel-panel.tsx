/** The chosen launch and its kernel, in tabs. */
import { useCallback, useMemo } from 'preact/hooks';
import { pipeNames, type KernelFacts, type KernelSection } from '../../../report/index.ts';
import { Choice, Empty, Spring, Toolbar, formatCount, formatPercent } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { shownPlaces } from '../../shell/state.ts';
import { Instructions } from './instructions.tsx';
import { isLaunchShown, type LaunchRow } from './launch-rows.ts';
import { StateLegend } from './legend.tsx';
import { boundNotes } from './look.ts';
import { Roofline } from './roofline.tsx';
import { chooseLaunch, openTab } from './state.ts';
import { Tiles } from './tiles.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { Utilization } from './utilization.tsx';

const tabs = [
  { value: 'timeline', title: 'Timeline', hint: 'The pipes of the slowest and other cores over time' },
  { value: 'instructions', title: 'Instructions', hint: 'Disassembly with cycles' },
  { value: 'tiles', title: 'Tiles', hint: 'Loops and on-chip buffers' },
  { value: 'utilization', title: 'Utilization', hint: 'What each pipe does with its time' },
  { value: 'roofline', title: 'Roofline', hint: 'All launches under the limits of the chip' },
] as const;
type Tab = (typeof tabs)[number]['value'];

interface KernelPanelProps {
  readonly section: KernelSection;
  readonly rows: readonly LaunchRow[];
  readonly launch: LaunchRow;
  readonly isShown: (row: LaunchRow) => boolean;
}

export function KernelPanel({ section, rows, launch, isShown }: KernelPanelProps) {
  const tab: Tab = tabs.find(({ value }) => value === openTab.value)?.value ?? 'timeline';
  const kernel = section.kernels[launch.kernel];
  if (kernel === undefined) return <Empty>This launch has no kernel</Empty>;
  return (
    <div class="kernel-panel">
      <Toolbar label="Kernel">
        <Choice label="Show" value={tab} options={tabs} onChange={(value) => (openTab.value = value)} />
        <b class="code">{launch.name}</b>
        <span class="faint">
          #{launch.number} · {formatCount(Math.round(launch.cycles))} cycles on {launch.blocks} {kernel.core} cores
        </span>
        <span title={boundNotes[launch.bound]}>bound by {launch.bound}</span>
        <PlaceLink place={launch.place} />
        <Spring />
        <Omitted section={section} kernel={kernel} launch={launch} tab={tab} />
      </Toolbar>
      <div class="kernel-fill">
        {tab === 'timeline' && <TimelineTab section={section} rows={rows} kernel={kernel} />}
        {tab === 'instructions' && <InstructionsTab rows={rows} kernel={kernel} />}
        {tab === 'tiles' && <Tiles kernel={kernel} launch={launch} chip={section.chip} />}
        {tab === 'utilization' && <Utilization kernel={kernel} launch={launch} />}
        {tab === 'roofline' && <Roofline section={section} rows={rows} isShown={isShown} />}
      </div>
    </div>
  );
}

interface TabProps {
  readonly section: KernelSection;
  readonly rows: readonly LaunchRow[];
  readonly kernel: KernelFacts;
}

function TimelineTab({ section, rows, kernel }: TabProps) {
  const isShown = useShownInstructions(kernel, rows);
  const { trace } = kernel;
  const shown = rows[trace?.launch ?? -1];
  if (trace === null || shown === undefined) return <Empty>This kernel was not timed</Empty>;
  return (
    <div class="kernel-tab">
      <StateLegend />
      <div class="kernel-fill">
        <Timeline
          key={kernel.name}
          kernel={kernel}
          trace={trace}
          launchCycles={shown.cycles}
          megahertz={section.chip.megahertz}
          isShown={isShown}
        />
      </div>
    </div>
  );
}

function InstructionsTab({ rows, kernel }: Omit<TabProps, 'section'>) {
  return <Instructions key={kernel.name} kernel={kernel} isShown={useShownInstructions(kernel, rows)} />;
}

/**
 * Which instructions come from what is selected. A kernel that several ops share names the first of them in its instructions:
 * where none of these is selected, the launches decide.
 */
function useShownInstructions(kernel: KernelFacts, rows: readonly LaunchRow[]): (instruction: number) => boolean {
  const places = shownPlaces.value;
  const own = kernel.streams[0]?.place;
  const isAll = useMemo(() => {
    if (places === null) return true;
    if (kernel.streams.some(({ place }) => place.some((number) => places.has(number)))) return false;
    return rows.some((row) => row.name === kernel.name && isLaunchShown(row));
  }, [kernel, rows, places]);
  return useCallback((instruction) => isAll || places?.has(own?.[instruction] ?? 0) === true, [isAll, places, own]);
}

interface OmittedProps {
  readonly section: KernelSection;
  readonly kernel: KernelFacts;
  readonly launch: LaunchRow;
  readonly tab: Tab;
}

/** What the timeline does not show. */
function Omitted({ section, kernel: { trace }, launch, tab }: OmittedProps) {
  if (tab !== 'timeline' || trace === null) return null;
  const { cores, allCores, omitted } = trace;
  return (
    <>
      {trace.launch !== launch.number && (
        <button type="button" class="place-link" onClick={() => chooseLaunch(trace.launch)}>
          shows launch #{trace.launch}, the kernel's longest
        </button>
      )}
      {omitted > 0 && (
        <span
          class="faint"
          title={`The report keeps ${formatCount(section.events.limit)} events for each kernel; --trace-events N keeps more. Pipes: ${pipeNames.join(', ')}`}
        >
          {cores.length} of {allCores.length} cores; {formatCount(omitted)} events left out
        </span>
      )}
      {omitted === 0 && (
        <span class="faint">
          {allCores.length} cores, all events, {formatPercent(launch.share)} of the program
        </span>
      )}
    </>
  );
}
