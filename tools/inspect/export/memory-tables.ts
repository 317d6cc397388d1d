/** The memory section as tables for spreadsheets. */
import type { DeviceMemory, MemorySection, ReportHead, Table } from '../report/index.ts';
import { deviceFigures, memoryCurve, ranksText, spaceUses, stepTitle } from '../report/index.ts';

/** Buffers and steps of GM and buffers on chip; the first column names the ranks. */
export function memoryTables(section: MemorySection, head: ReportHead): readonly Table[] {
  const rows = <Row extends readonly (string | number)[]>(of: (device: DeviceMemory) => readonly Row[]) =>
    section.devices.flatMap((device) => of(device).map((row) => [ranksText(device.ranks), ...row]));
  const lines = head.places.map(({ positions }) => {
    const [first] = positions;
    const source = first === undefined ? undefined : head.sources[first.file];
    return first === undefined || source === undefined ? '' : `${source.name}:${first.line}`;
  });
  const line = (place: number): string => lines[place] ?? '';
  const cell = (place: number): string => head.places[place]?.cell ?? '';
  return [
    {
      name: 'memory-devices',
      columns: [
        'ranks',
        'gm bytes',
        'kept bytes',
        'arena bytes',
        'peak bytes',
        'peak step',
        'reuse',
        'fragmentation bytes',
      ],
      rows: rows((device) => {
        const figures = deviceFigures(device);
        const { gmBytes, keptBytes, arenaBytes, peakBytes, peakStep, reuse, fragmentationBytes } = figures;
        return [[gmBytes, keptBytes, arenaBytes, peakBytes, peakStep, reuse, fragmentationBytes]];
      }),
    },
    {
      name: 'memory-buffers',
      columns: [
        ...['ranks', 'kind', 'name', 'type', 'address', 'reserved bytes', 'stored bytes', 'element bytes'],
        ...['first step', 'last step', 'cell', 'line'],
      ],
      rows: rows(({ buffers, steps }) =>
        buffers.map((buffer) => [
          ...[buffer.kind, buffer.name, buffer.type, buffer.address, buffer.reservedBytes, buffer.bytes],
          ...[buffer.elementBytes, buffer.live?.[0] ?? 0, buffer.live?.[1] ?? steps.length - 1],
          ...[cell(buffer.place), line(buffer.place)],
        ]),
      ),
    },
    {
      name: 'memory-steps',
      columns: ['ranks', 'step', 'phase', 'what', 'live bytes', 'extent bytes', 'cell', 'line'],
      rows: rows((device) => {
        const { live, extent } = memoryCurve(device);
        return device.steps.map((step, number) => [
          ...[number, step.phase, stepTitle(step), live[number], extent[number], cell(step.place), line(step.place)],
        ]);
      }),
    },
    {
      name: 'memory-on-chip',
      columns: [
        ...['ranks', 'kernel', 'core', 'launches', 'space', 'address', 'bytes', 'copies', 'first instruction'],
        ...['last instruction', 'peak bytes', 'capacity bytes', 'line'],
      ],
      rows: rows(({ kernels }) =>
        kernels.flatMap((kernel) =>
          spaceUses(kernel, section).flatMap(({ space, buffers, peakBytes, capacityBytes }) =>
            buffers.map(({ address, bytes, copies, live: [first, last], place }) => [
              ...[kernel.name, kernel.core, kernel.launches, space, address, bytes, copies, first, last],
              ...[peakBytes, capacityBytes, line(place)],
            ]),
          ),
        ),
      ),
    },
  ];
}
