/** The memory view: where every buffer lies and when, what the peak is made of, and what kernels use on chip. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { KernelSection, MemorySection } from '../../../report/index.ts';
import { ranksText } from '../../../report/index.ts';
import { Choice, Loading, SearchField, Select, Spring, Toolbar } from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { useSection } from '../../shell/section.ts';
import type { View } from '../../shell/view.ts';
import { OnChip } from './chip.tsx';
import { Devices } from './devices.tsx';
import { GlobalMemory } from './global.tsx';
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
};

function MemoryView({ report }: { readonly report: LoadedReport }) {
  const section = useSection(report, 'memory');
  const kernels = useKernels(report);
  if (section === null || kernels === undefined) return <Loading />;
  return <Loaded report={report} section={section} kernels={kernels} />;
}

/** The kernels section for times: null when there is none, undefined while it is decoded. */
function useKernels(report: LoadedReport): KernelSection | null | undefined {
  const [kernels, setKernels] = useState<KernelSection | null | undefined>(report.has('kernels') ? undefined : null);
  useEffect(() => {
    let isCurrent = true;
    if (report.has('kernels'))
      void report.section('kernels').then((section) => {
        if (isCurrent) setKernels(section);
      });
    return () => {
      isCurrent = false;
    };
  }, [report]);
  return kernels;
}

interface LoadedProps {
  readonly report: LoadedReport;
  readonly section: MemorySection;
  readonly kernels: KernelSection | null;
}

type Where = 'gm' | 'chip';

function Loaded({ report, section, kernels }: LoadedProps) {
  const [where, setWhere] = useState<Where>('gm');
  const [number, setNumber] = useState(0);
  const [search, setSearch] = useState('');
  const device = section.devices[number];
  const options = useMemo(
    () => section.devices.map(({ ranks }, at) => ({ value: String(at), title: `rank ${ranksText(ranks)}` })),
    [section],
  );
  const tools = (
    <>
      <Choice
        label="Memory"
        value={where}
        onChange={setWhere}
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
  if (where === 'chip')
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
