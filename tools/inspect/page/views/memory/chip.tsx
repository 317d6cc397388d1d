/** On-chip memory: the kernels, and the buffers of one of them in each memory of its core. */
import { useMemo, useState } from 'preact/hooks';
import {
  spaceUses,
  type DeviceMemory,
  type KernelMemory,
  type MemorySection,
  type OnChipBuffer,
  type SpaceUse,
} from '../../../report/index.ts';
import {
  formatPercent,
  Meter,
  NothingSelected,
  Split,
  Table,
  Toggle,
  type Column,
} from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { isShown } from '../../shell/state.ts';
import { ChipMap } from './chip-map.tsx';
import { columnsFor } from './chip-table.tsx';
import { kernelName } from './state.ts';

export interface ChipProps {
  readonly section: MemorySection;
  readonly device: DeviceMemory;
  readonly search: string;
}

/** A kernel and how full its memories are. */
interface KernelRow {
  readonly kernel: KernelMemory;
  readonly uses: readonly SpaceUse[];
  /** Share of the fullest memory. */
  readonly most: number;
}

const shareOf = ({ peakBytes, capacityBytes }: SpaceUse): number => peakBytes / capacityBytes;

const kernelColumns: readonly Column<KernelRow>[] = [
  {
    key: 'name',
    title: 'kernel',
    width: 'minmax(120px, 2fr)',
    value: ({ kernel }) => kernel.name,
    cell: ({ kernel }) => kernel.name,
  },
  { key: 'core', title: 'core', width: '62px', value: ({ kernel }) => kernel.core, cell: ({ kernel }) => kernel.core },
  {
    key: 'launches',
    title: 'runs',
    width: '46px',
    align: 'end',
    hint: 'Launches in the text of the program',
    value: ({ kernel }) => kernel.launches,
    cell: ({ kernel }) => kernel.launches,
  },
  {
    key: 'most',
    title: 'fullest',
    width: '110px',
    hint: 'Share of the memory that is fullest',
    value: ({ most }) => most,
    cell: ({ most, uses }) => (
      <Meter share={most}>
        {formatPercent(most)} {uses.find((use) => shareOf(use) === most)?.space ?? ''}
      </Meter>
    ),
  },
];

export function OnChip({ section, device, search }: ChipProps) {
  const rows = useMemo<readonly KernelRow[]>(
    () =>
      device.kernels.map((kernel) => {
        const uses = spaceUses(kernel, section);
        return { kernel, uses, most: Math.max(0, ...uses.map(shareOf)) };
      }),
    [device, section],
  );
  const shown = rows.filter(
    ({ kernel }) =>
      kernel.name.toLowerCase().includes(search.toLowerCase()) &&
      (isShown(kernel.place) || kernel.buffers.some(({ place }) => isShown(place))),
  );
  const fullest = shown.reduce<KernelRow | null>(
    (best, row) => (best === null || row.most > best.most ? row : best),
    null,
  );
  const current = shown.find(({ kernel }) => kernel.name === kernelName.value) ?? fullest;
  return (
    <Split
      name="memory-chip"
      direction="columns"
      initial={0.3}
      least={240}
      first={
        <Table
          label="Kernels"
          rows={shown}
          columns={kernelColumns}
          sort={{ key: 'most', descending: true }}
          isCurrent={(row) => row === current}
          onChoose={({ kernel }) => (kernelName.value = kernel.name)}
          empty="No kernel passes the filter"
        />
      }
      second={
        current === null ? (
          <NothingSelected what="No kernel" />
        ) : (
          <KernelBuffers key={current.kernel.name} kernel={current.kernel} uses={current.uses} />
        )
      }
    />
  );
}

interface KernelProps {
  readonly kernel: KernelMemory;
  readonly uses: readonly SpaceUse[];
}

function KernelBuffers({ kernel, uses }: KernelProps) {
  const [isWhole, setWhole] = useState(true);
  const [chosen, setChosen] = useState<OnChipBuffer | null>(null);
  return (
    <div class="memory-kernel">
      <header>
        <h2>{kernel.name}</h2>
        <PlaceLink place={kernel.place} />
        <span class="faint">
          {kernel.core} core, {kernel.instructions} instructions
        </span>
        <Toggle isOn={isWhole} onChange={setWhole} title="Draw each memory up to its capacity, or up to what is used">
          Capacity
        </Toggle>
      </header>
      <Split
        name="memory-chip-rows"
        direction="rows"
        initial={0.66}
        least={90}
        first={<ChipMap kernel={kernel} uses={uses} isWhole={isWhole} chosen={chosen} onChoose={setChosen} />}
        second={
          <Table
            label="Buffers of the kernel"
            rows={kernel.buffers}
            columns={columnsFor(kernel)}
            isCurrent={(buffer) => buffer === chosen}
            isFaint={({ place }) => !isShown(place)}
            onChoose={setChosen}
            empty="The kernel has no buffers on chip"
          />
        }
      />
    </div>
  );
}
