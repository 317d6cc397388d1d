/** GM of one device: map, curve, owners and the table of buffers. */
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { rankCount, ranksText, type DeviceMemory, type KernelSection, type Place } from '../../../report/index.ts';
import {
  Button,
  Choice,
  formatBytes,
  formatCount,
  formatPercent,
  SearchField,
  Spring,
  Split,
  Toolbar,
} from '../../shell/components/index.ts';
import { shownPlaces } from '../../shell/state.ts';
import { BufferTable } from './buffer-table.tsx';
import { Details } from './details.tsx';
import { paintedRows } from './draw-map.ts';
import { MemoryMap } from './map.tsx';
import {
  edgesOf,
  groupsOf,
  modelOf,
  wholeView,
  type Axis,
  type Colouring,
  type Groups,
  type Model,
  type Region,
  type Row,
} from './model.ts';
import { Owners } from './owners.tsx';
import { bufferNumber } from './state.ts';
import type { Viewport } from './viewport.ts';

export interface GlobalMemoryProps {
  readonly places: readonly Place[];
  readonly device: DeviceMemory;
  /** What the device has. */
  readonly deviceBytes: number | null;
  readonly kernels: KernelSection | null;
  /** At the start of the toolbar. */
  readonly tools: ComponentChildren;
  /** Below the toolbar. */
  readonly overview: ComponentChildren;
}

export function GlobalMemory({ places, device, deviceBytes, kernels, tools, overview }: GlobalMemoryProps) {
  const model = useMemo(() => modelOf(device, places, kernels), [device, places, kernels]);
  const [axis, setAxis] = useState<Axis>('steps');
  const [region, setRegion] = useState<Region>(device.arenaBytes > 0 ? 'arena' : 'all');
  const [colouring, setColouring] = useState<Colouring>('kind');
  const [search, setSearch] = useState('');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [view, setView] = useState<Viewport | null>(null);
  const chosen = bufferNumber.value === '' ? null : (model.rows[Number(bufferNumber.value)] ?? null);
  const [wanted, setStep] = useState(model.figures.peakStep);
  // A buffer that is chosen elsewhere brings its step with it.
  const step = chosen !== null && (wanted < chosen.first || wanted > chosen.last) ? chosen.first : wanted;
  const edges = useMemo(() => edgesOf(model, axis), [model, axis]);
  const whole = useMemo(() => wholeView(model, edges, region), [model, edges, region]);
  const groups = useMemo(() => groupsOf(model.rows, colouring), [model, colouring]);
  const places_ = shownPlaces.value;
  const isMatch = useMemo(() => matcher(search, places_, groups, hidden), [search, places_, groups, hidden]);
  const painted = useMemo(() => paintedRows(model, groups, isMatch), [model, groups, isMatch]);
  const rows = useMemo(() => model.rows.filter(isMatch), [model, isMatch]);
  /** Shows another part of the map as a whole. */
  const reset = (change: () => void) => () => {
    change();
    setView(null);
  };
  /** A buffer that is not live at the step is left. */
  const goTo = (next: number): void => {
    setStep(next);
    if (chosen !== null && (next < chosen.first || next > chosen.last)) bufferNumber.value = '';
  };
  const choose = (row: Row | null): void => {
    setStep(row === null || (row.first <= step && step <= row.last) ? step : row.first);
    bufferNumber.value = row === null ? '' : String(row.number);
  };
  return (
    <>
      <Toolbar label="Memory">
        {tools}
        <Choice
          label="Part of GM"
          value={region}
          onChange={(value) => reset(() => setRegion(value))()}
          options={[
            { value: 'arena', title: 'Arena', hint: 'The part that buffers share by lifetime' },
            {
              value: 'all',
              title: 'All of GM',
              hint: 'With parameters, inputs and constants, which are kept for good',
            },
          ]}
        />
        {model.times !== null && (
          <Choice
            label="Horizontal axis"
            value={axis}
            onChange={(value) => reset(() => setAxis(value))()}
            options={[
              { value: 'steps', title: 'Steps' },
              { value: 'time', title: 'Time', hint: 'Simulated time of the launches' },
            ]}
          />
        )}
        <Choice
          label="Colour"
          value={colouring}
          onChange={(value) => {
            setColouring(value);
            setHidden(new Set());
          }}
          options={[
            { value: 'kind', title: 'by kind' },
            { value: 'cell', title: 'by cell' },
          ]}
        />
        <Button onClick={() => setView(null)} isDisabled={view === null} title="Show everything (0)">
          Reset zoom
        </Button>
        <Spring />
        <SearchField
          label="Search buffers"
          value={search}
          onInput={setSearch}
          count={`${formatCount(rows.length)} of ${formatCount(model.rows.length)}`}
        />
      </Toolbar>
      <Figures model={model} deviceBytes={deviceBytes} />
      {overview}
      <Split
        name="memory"
        direction="rows"
        initial={0.66}
        least={110}
        first={
          <Split
            name="memory-side"
            direction="columns"
            initial={0.72}
            least={250}
            first={
              <div class="memory-canvas">
                <Legend groups={groups} hidden={hidden} onHide={setHidden} />
                <MemoryMap
                  {...{ model, groups, edges, painted, whole, chosen, step }}
                  isTime={axis === 'time'}
                  view={view ?? whole}
                  onView={(next) => setView(next === whole ? null : next)}
                  onChoose={choose}
                  onStep={goTo}
                />
              </div>
            }
            second={
              chosen === null ? (
                <Owners {...{ model, step, isMatch, chosen }} onStep={goTo} onChoose={choose} />
              ) : (
                <Details model={model} row={chosen} onChoose={choose} onStep={goTo} />
              )
            }
          />
        }
        second={<BufferTable rows={rows} chosen={chosen} onChoose={choose} />}
      />
    </>
  );
}

function matcher(
  search: string,
  places: ReadonlySet<number> | null,
  { names, of }: Groups,
  hidden: ReadonlySet<string>,
): (row: Row) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ buffer, text, number }) =>
    (places === null || places.has(buffer.place) || buffer.tenants.some(({ place }) => places.has(place))) &&
    words.every((word) => text.includes(word)) &&
    !hidden.has(names[of[number]]);
}

function Figures({ model, deviceBytes }: { readonly model: Model; readonly deviceBytes: number | null }) {
  const { gmBytes, keptBytes, arenaBytes, reuse, peakBytes, peakStep, fragmentationBytes } = model.figures;
  const { ranks } = model.device;
  const alike = rankCount(ranks);
  const facts: readonly (readonly [name: string, value: string, hint: string])[] = [
    ...(alike > 1 ? [['ranks', ranksText(ranks), `${alike} ranks whose programs are alike`] as const] : []),
    [
      'GM',
      `${formatBytes(gmBytes)}${deviceBytes === null ? '' : ` (${formatPercent(gmBytes / deviceBytes)} of HBM)`}`,
      'What the program allocates',
    ],
    ['kept', formatBytes(keptBytes), 'Inputs, parameters, constants and what prepare makes of them for main'],
    ['arena', formatBytes(arenaBytes), 'Shared by buffers whose lives do not meet'],
    ['reuse', `${reuse.toFixed(2)}×`, 'Bytes of all buffers in the arena / bytes of the arena'],
    ['peak', `${formatBytes(peakBytes)} at step ${peakStep}`, 'The most bytes that are live at once'],
    [
      'fragmentation',
      `${formatBytes(fragmentationBytes)} (${formatPercent(fragmentationBytes / gmBytes)})`,
      'GM that no buffer uses when most is live',
    ],
  ];
  return (
    <dl class="memory-figures">
      {facts.map(([name, value, hint]) => (
        <div key={name} title={hint}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface LegendProps {
  readonly groups: Groups;
  readonly hidden: ReadonlySet<string>;
  readonly onHide: (hidden: ReadonlySet<string>) => void;
}

/** Groups with their colours; a click takes one out of the picture, a double click leaves only it. */
function Legend({ groups: { names, series }, hidden, onHide }: LegendProps) {
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onHide(next);
  };
  return (
    <div class="memory-legend" role="group" aria-label="Groups">
      {names.map((name, group) => (
        <button
          key={name}
          type="button"
          aria-pressed={!hidden.has(name)}
          title={`Show or hide ${name}; a double click shows only it`}
          onClick={() => toggle(name)}
          onDblClick={() => onHide(new Set(names.filter((other) => other !== name)))}
        >
          <i style={`background:var(--series-${series[group]})`} />
          {name}
        </button>
      ))}
    </div>
  );
}
