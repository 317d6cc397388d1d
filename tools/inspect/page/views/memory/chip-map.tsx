/** The on-chip buffers of a kernel, a strip for each memory: zoom with the wheel, a click chooses. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { KernelMemory, OnChipBuffer, SpaceUse } from '../../../report/index.ts';
import { Canvas, formatBytes, Tooltip, type Draw, type Size } from '../../shell/components/index.ts';
import { placeLabel, shownPlaces } from '../../shell/state.ts';
import { sharing } from './chip-table.tsx';
import { boxOfBuffer, drawChip, drawChipMarks, stripsOf, type ChipScene } from './draw-chip.ts';
import { usePointer } from './pointer.ts';
import { fromX } from './viewport.ts';

export interface ChipMapProps {
  readonly kernel: KernelMemory;
  readonly uses: readonly SpaceUse[];
  readonly isWhole: boolean;
  readonly chosen: OnChipBuffer | null;
  readonly onChoose: (buffer: OnChipBuffer | null) => void;
}

export function ChipMap({ kernel, uses, isWhole, chosen, onChoose }: ChipMapProps) {
  const { range, zoom, reset } = useRange(kernel.instructions);
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const { pointer, track, leave } = usePointer();
  const shown = shownPlaces.value;
  const scene: ChipScene = useMemo(
    () => ({ uses, ...range, isWhole, isMatch: ({ place }) => shown === null || shown.has(place) }),
    [uses, range, isWhole, shown],
  );
  const hovered = pointer === null ? null : bufferAt(pointer.x, pointer.y, scene, size);
  const base = useCallback<Draw>((context, at, colours) => drawChip(context, at, colours, scene), [scene]);
  const over = useCallback<Draw>(
    (context, at, colours) =>
      drawChipMarks(context, at, colours, scene, {
        chosen,
        others: [...(chosen === null ? [] : sharing(kernel, chosen)), ...(hovered === null ? [] : [hovered])],
      }),
    [scene, kernel, hovered, chosen],
  );
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const [strip] = stripsOf(size, scene);
    if (strip !== undefined) zoom(1.0015 ** event.deltaY, fromX(event.offsetX, strip.view, strip.box));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const middle = (range.from + range.to) / 2;
    const actions: Readonly<Record<string, () => void>> = {
      '+': () => zoom(0.7, middle),
      '=': () => zoom(0.7, middle),
      '-': () => zoom(1 / 0.7, middle),
      '0': reset,
      ArrowDown: () => onChoose(nextBuffer(kernel, chosen, 1)),
      ArrowUp: () => onChoose(nextBuffer(kernel, chosen, -1)),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]?.();
  };
  return (
    <div class="memory-map" onWheel={onWheel}>
      <Canvas label={`On-chip buffers of ${kernel.name}`} draw={base} tabIndex={-1} />
      <Canvas
        label={`On-chip buffers of ${kernel.name}: plus and minus zoom, 0 shows everything, arrow keys choose buffers`}
        class="ui-canvas over"
        draw={over}
        onSize={setSize}
        onKeyDown={onKeyDown}
        onPointerMove={track}
        onPointerLeave={leave}
        onClick={() => onChoose(hovered)}
        onDblClick={reset}
      />
      <Tooltip at={hovered === null ? null : (pointer?.at ?? null)}>
        {hovered !== null && <ChipHint buffer={hovered} />}
      </Tooltip>
    </div>
  );
}

/** The instructions on screen. */
function useRange(instructions: number) {
  const all = { from: 0, to: Math.max(1, instructions) };
  const [range, setRange] = useState(all);
  const zoom = (factor: number, around: number): void => {
    const span = Math.min(all.to, Math.max(4, (range.to - range.from) * factor));
    const from = Math.min(all.to - span, Math.max(0, around - (around - range.from) * factor));
    setRange({ from, to: from + span });
  };
  return { range, zoom, reset: () => setRange(all) };
}

function nextBuffer({ buffers }: KernelMemory, chosen: OnChipBuffer | null, by: number): OnChipBuffer | null {
  const at = chosen === null ? -1 : buffers.indexOf(chosen);
  return buffers[Math.max(0, Math.min(buffers.length - 1, at + by))] ?? null;
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
