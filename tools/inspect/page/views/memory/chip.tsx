/** On-chip memory: the kernels, and the buffers of one of them in each memory of its core. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import {
  spaceUses,
  type DeviceMemory,
  type KernelMemory,
  type MemorySection,
  type OnChipBuffer,
  type SpaceUse,
} from '../../../report/index.ts';
import {
  Canvas,
  formatBytes,
  formatPercent,
  Meter,
  NothingSelected,
  Split,
  Table,
  Toggle,
  Tooltip,
  type Column,
  type Size,
} from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { isShown, placeLabel } from '../../shell/state.ts';
import { boxOfBuffer, drawChip, drawChipMarks, stripsOf, type ChipScene } from './draw-chip.ts';

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
  { key: 'core', title: 'core', width: '56px', value: ({ kernel }) => kernel.core, cell: ({ kernel }) => kernel.core },
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
  const [name, setName] = useState<string | null>(null);
  const shown = rows.filter(
    ({ kernel }) =>
      kernel.name.toLowerCase().includes(search.toLowerCase()) &&
      (isShown(kernel.place) || kernel.buffers.some(({ place }) => isShown(place))),
  );
  const fullest = shown.reduce<KernelRow | null>(
    (best, row) => (best === null || row.most > best.most ? row : best),
    null,
  );
  const current = shown.find(({ kernel }) => kernel.name === name) ?? fullest;
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
          onChoose={({ kernel }) => setName(kernel.name)}
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

/** Buffers of the same memory that use some of the same bytes, at other times. */
const sharing = ({ buffers }: KernelMemory, of: OnChipBuffer): readonly OnChipBuffer[] =>
  buffers.filter(
    (other) =>
      other !== of &&
      other.space === of.space &&
      other.address < of.address + of.bytes * of.copies &&
      of.address < other.address + other.bytes * other.copies,
  );

const columnsFor = (kernel: KernelMemory): readonly Column<OnChipBuffer>[] => [
  {
    key: 'space',
    title: 'memory',
    width: '64px',
    value: ({ space }) => space,
    cell: ({ space }) => space.toUpperCase(),
  },
  {
    key: 'address',
    title: 'address',
    width: '76px',
    align: 'end',
    value: ({ address }) => address,
    cell: ({ address }) => <code>{address.toString(16)}</code>,
  },
  {
    key: 'bytes',
    title: 'bytes',
    width: '80px',
    align: 'end',
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatBytes(bytes),
  },
  {
    key: 'copies',
    title: 'copies',
    width: '56px',
    align: 'end',
    hint: 'More than one: iterations of a loop alternate',
    value: ({ copies }) => copies,
    cell: ({ copies }) => copies,
  },
  {
    key: 'life',
    title: 'life',
    width: '90px',
    align: 'end',
    hint: 'First and last instruction',
    value: ({ live: [first] }) => first,
    cell: ({ live: [first, last] }) => `${first}–${last}`,
  },
  {
    key: 'shared',
    title: 'shared',
    width: '56px',
    align: 'end',
    hint: 'Buffers that use some of the same bytes at other times',
    value: (buffer) => sharing(kernel, buffer).length,
    cell: (buffer) => sharing(kernel, buffer).length || '',
  },
  { key: 'writers', title: 'written by', width: 'minmax(90px, 1fr)', cell: ({ writers }) => names(writers) },
  { key: 'readers', title: 'read by', width: 'minmax(90px, 1fr)', cell: ({ readers }) => names(readers) },
  {
    key: 'line',
    title: 'line',
    width: '120px',
    value: ({ place }) => placeLabel(place),
    cell: ({ place }) => <PlaceLink place={place} />,
  },
];

const names = (mnemonics: readonly string[]) => <code title={mnemonics.join(', ')}>{mnemonics.join(', ')}</code>;

interface ChipMapProps extends KernelProps {
  readonly isWhole: boolean;
  readonly chosen: OnChipBuffer | null;
  readonly onChoose: (buffer: OnChipBuffer | null) => void;
}

function ChipMap({ kernel, uses, isWhole, chosen, onChoose }: ChipMapProps) {
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const [range, setRange] = useState({ from: 0, to: Math.max(1, kernel.instructions) });
  const [pointer, setPointer] = useState<{
    readonly x: number;
    readonly y: number;
    readonly at: { readonly x: number; readonly y: number };
  } | null>(null);
  const scene: ChipScene = useMemo(
    () => ({ uses, instructions: kernel.instructions, ...range, isWhole, isMatch: ({ place }) => isShown(place) }),
    [uses, kernel, range, isWhole],
  );
  const hovered = pointer === null ? null : bufferAt(pointer.x, pointer.y, scene, size);
  const base = useCallback<Parameters<typeof Canvas>[0]['draw']>(
    (context, at, colours) => drawChip(context, at, colours, scene),
    [scene],
  );
  const over = useCallback<Parameters<typeof Canvas>[0]['draw']>(
    (context, at, colours) => {
      const marked = chosen === null ? [] : [...sharing(kernel, chosen).map((buffer) => ({ buffer, isChosen: false }))];
      if (hovered !== null) marked.push({ buffer: hovered, isChosen: false });
      drawChipMarks(context, at, colours, scene, [
        ...marked,
        ...(chosen === null ? [] : [{ buffer: chosen, isChosen: true }]),
      ]);
    },
    [scene, kernel, hovered, chosen],
  );
  const zoom = (factor: number, around: number): void => {
    const span = Math.min(kernel.instructions, Math.max(4, (range.to - range.from) * factor));
    const from = Math.min(kernel.instructions - span, Math.max(0, around - (around - range.from) * factor));
    setRange({ from, to: from + span });
  };
  return (
    <div
      class="memory-map"
      onWheel={(event) => {
        event.preventDefault();
        const [strip] = stripsOf(size, scene);
        if (strip === undefined) return;
        const share = (event.offsetX - strip.box.left) / strip.box.width;
        zoom(1.0015 ** event.deltaY, range.from + share * (range.to - range.from));
      }}
    >
      <Canvas label={`On-chip buffers of ${kernel.name}`} draw={base} tabIndex={-1} />
      <Canvas
        label={`On-chip buffers of ${kernel.name}: plus and minus zoom, 0 shows everything, arrow keys choose buffers`}
        class="ui-canvas over"
        draw={over}
        onSize={setSize}
        onPointerMove={(event) =>
          setPointer({ x: event.offsetX, y: event.offsetY, at: { x: event.clientX, y: event.clientY } })
        }
        onPointerLeave={() => setPointer(null)}
        onClick={() => onChoose(hovered)}
        onDblClick={() => setRange({ from: 0, to: Math.max(1, kernel.instructions) })}
        onKeyDown={({ key }) => {
          const middle = (range.from + range.to) / 2;
          if (key === '+' || key === '=') zoom(0.7, middle);
          if (key === '-') zoom(1 / 0.7, middle);
          if (key === '0') setRange({ from: 0, to: Math.max(1, kernel.instructions) });
          if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
          const at = chosen === null ? -1 : kernel.buffers.indexOf(chosen);
          onChoose(
            kernel.buffers[Math.max(0, Math.min(kernel.buffers.length - 1, at + (key === 'ArrowDown' ? 1 : -1)))] ??
              null,
          );
        }}
      />
      <Tooltip at={hovered === null ? null : (pointer?.at ?? null)}>
        {hovered !== null && <ChipHint buffer={hovered} />}
      </Tooltip>
    </div>
  );
}

function bufferAt(x: number, y: number, scene: ChipScene, size: Size): OnChipBuffer | null {
  for (const strip of stripsOf(size, scene))
    for (const buffer of strip.use.buffers) {
      const { left, top, width, height } = boxOfBuffer(buffer, strip);
      if (x >= left && x <= left + width && y >= top && y <= top + height) return buffer;
    }
  return null;
}

function ChipHint({
  buffer: { space, address, bytes, copies, live, writers, readers, place },
}: {
  readonly buffer: OnChipBuffer;
}) {
  return (
    <div class="memory-hint">
      <b>{space.toUpperCase()}</b> {formatBytes(bytes)}
      {copies > 1 && ` in ${copies} copies`} at <code>0x{address.toString(16)}</code>
      <div>
        instructions {live[0]} to {live[1]}
      </div>
      <div>written by {writers.join(', ') || 'nothing'}</div>
      <div>read by {readers.join(', ') || 'nothing'}</div>
      <div>{placeLabel(place)}</div>
    </div>
  );
}
