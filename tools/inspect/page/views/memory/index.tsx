/** The memory view: where every buffer lies and when, what the peak is made of, and what kernels use on chip. */
import { useMemo, useState } from 'preact/hooks';
import type { KernelSection, MemorySection } from '../../../report/index.ts';
import { bufferTitle, ranksText, shortType } from '../../../report/index.ts';
import { Choice, Loading, SearchField, Select, Spring, Toolbar } from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { useSection } from '../../shell/section.ts';
import type { SearchItem, View } from '../../shell/view.ts';
import { OnChip } from './chip.tsx';
import { Devices } from './devices.tsx';
import { GlobalMemory } from './global.tsx';
import { bufferNumber, deviceNumber, kernelName, where } from './state.ts';
import './memory.css';

export const memoryView: View = {
  name: 'memory',
  title: 'Memory',
  isPresent: (report) => report.has('memory'),
  Component: MemoryView,
  keys: [
    { keys: 'wheel', action: 'zoom along steps; with Shift along addresses; with Ctrl both' },
    { keys: 'drag, double click', action: 'move the map; show everything' },
    { keys: '← →', action: 'step before, step after' },
    { keys: '↑ ↓', action: 'buffer above, below' },
    { keys: '+ - 0', action: 'closer, farther, everything' },
  ],
  items,
};

/** Buffers of GM and kernels with their on-chip memory; of ranks that differ those of the first. */
async function items(report: LoadedReport): Promise<readonly SearchItem[]> {
  const [device] = (await report.section('memory')).devices;
  if (device === undefined) return [];
  const show = (place: 'gm' | 'chip'): void => {
    where.value = place;
    deviceNumber.value = '0';
  };
  return [
    ...device.buffers.map((buffer, number) => ({
      kind: 'buffer',
      label: bufferTitle(buffer, device),
      detail: `${buffer.kind} ${shortType(buffer.type)}`,
      open: () => {
        show('gm');
        bufferNumber.value = String(number);
      },
    })),
    ...device.kernels.map(({ name }) => ({
      kind: 'memory of',
      label: name,
      open: () => {
        show('chip');
        kernelName.value = name;
      },
    })),
  ];
}

function MemoryView({ report }: { readonly report: LoadedReport }) {
  const section = useSection(report, 'memory');
  const kernels = useSection(report, 'kernels', report.has('kernels'));
  if (section === null || (kernels === null && report.has('kernels'))) return <Loading />;
  return <Loaded report={report} section={section} kernels={kernels} />;
}

interface LoadedProps {
  readonly report: LoadedReport;
  readonly section: MemorySection;
  readonly kernels: KernelSection | null;
}

function Loaded({ report, section, kernels }: LoadedProps) {
  const [search, setSearch] = useState('');
  // A link may be of another report.
  const number = section.devices[Number(deviceNumber.value)] === undefined ? 0 : Number(deviceNumber.value);
  const device = section.devices[number];
  const setNumber = (next: number): void => {
    deviceNumber.value = String(next);
    bufferNumber.value = '';
  };
  const options = useMemo(
    () => section.devices.map(({ ranks }, at) => ({ value: String(at), title: `rank ${ranksText(ranks)}` })),
    [section],
  );
  const tools = (
    <>
      <Choice
        label="Memory"
        value={where.value === 'chip' ? 'chip' : 'gm'}
        onChange={(value) => (where.value = value)}
        options={[
          { value: 'gm', title: 'GM', hint: 'Global memory of the device' },
          { value: 'chip', title: 'On chip', hint: 'Buffers of kernels in the memories of a core' },
        ]}
      />
      {section.devices.length > 1 && (
        <Select
          label="Device"
          value={String(number)}
          options={options}
          onChange={(value) => setNumber(options.findIndex((option) => option.value === value))}
        />
      )}
    </>
  );
  const overview = section.devices.length > 1 && <Devices section={section} chosen={number} onChoose={setNumber} />;
  if (where.value === 'chip')
    return (
      <div class="memory">
        <Toolbar label="Memory">
          {tools}
          <Spring />
          <SearchField label="Search kernels" value={search} onInput={setSearch} />
        </Toolbar>
        {overview}
        <OnChip section={section} device={device} search={search} />
      </div>
    );
  return (
    <div class="memory">
      <GlobalMemory
        key={number}
        places={report.head.places}
        device={device}
        deviceBytes={section.deviceBytes}
        kernels={section.devices.length > 1 ? null : kernels}
        tools={tools}
        overview={overview}
      />
    </div>
  );
}
