/** The memory section for a terminal. */
import type { DeviceMemory, KernelMemory, MemoryBuffer, MemorySection, ReportHead } from '../report/index.ts';
import {
  bufferKinds,
  bufferTitle,
  deviceFigures,
  liveBuffers,
  memoryCurve,
  onChipSpaces,
  rankCount,
  ranksText,
  spaceUses,
  shortType,
  stepTitle,
} from '../report/index.ts';
import { formatBytes, formatCount, formatPercent } from '../report/format.ts';
import { printable } from './style.ts';

/** Owners of the peak and kernels that are listed at most. */
const LISTED = 12;

export function memoryText(section: MemorySection, head: ReportHead): string {
  const devices = section.devices.map((device) => deviceText(device, section, head));
  return devices.join('\n');
}

function deviceText(device: DeviceMemory, section: MemorySection, head: ReportHead): string {
  const curve = memoryCurve(device);
  const figures = deviceFigures(device, curve);
  const peak = liveBuffers(device, figures.peakStep);
  const share = section.deviceBytes === null ? '' : ` (${formatPercent(figures.gmBytes / section.deviceBytes)} of HBM)`;
  const ranks = section.devices.length > 1 ? `ranks ${ranksText(device.ranks)} (${rankCount(device.ranks)})\n` : '';
  return [
    `${ranks}GM ${formatBytes(figures.gmBytes)}${share}: ${formatBytes(figures.keptBytes)} kept, arena ${formatBytes(figures.arenaBytes)}`,
    `reuse ${figures.reuse.toFixed(2)} (buffers of ${formatBytes(figures.arenaDemand)} in the arena), ${formatCount(device.buffers.length)} buffers, ${formatCount(device.steps.length)} steps`,
    `peak ${formatBytes(figures.peakBytes)} at step ${figures.peakStep} (${printable(stepTitle(device.steps[figures.peakStep]))}), fragmentation ${formatBytes(figures.fragmentationBytes)} (${formatPercent(figures.fragmentationBytes / figures.gmBytes)})`,
    `at the peak: ${kindShares(peak, figures.peakBytes)}`,
    ...columns(peak.slice(0, LISTED).map((buffer) => ownerRow(buffer, device, head))),
    ...(peak.length > LISTED ? [`  and ${formatCount(peak.length - LISTED)} more`] : []),
    'on chip:',
    ...onChipLines(device.kernels, section),
    '',
  ].join('\n');
}

/** Shares of the kinds of buffers, largest first. */
function kindShares(buffers: readonly MemoryBuffer[], total: number): string {
  const bytes = bufferKinds.map((kind) => ({
    kind,
    sum: buffers.reduce((sum, buffer) => sum + (buffer.kind === kind ? buffer.reservedBytes : 0), 0),
  }));
  return bytes
    .filter(({ sum }) => sum > 0)
    .toSorted((one, other) => other.sum - one.sum)
    .map(({ kind, sum }) => `${kind} ${formatPercent(sum / total)}`)
    .join(', ');
}

const ownerRow = (buffer: MemoryBuffer, device: DeviceMemory, { places, sources }: ReportHead): readonly string[] => {
  const place = places[buffer.place];
  const position = place?.positions[0];
  const file = position === undefined ? undefined : sources[position.file]?.name;
  return [
    formatBytes(buffer.reservedBytes),
    formatPercent(buffer.reservedBytes / device.gmBytes),
    buffer.kind,
    bufferTitle(buffer, device),
    shortType(buffer.type),
    file === undefined || position === undefined ? '' : `${file.split('/').at(-1) ?? file}:${position.line}`,
    place?.cell ?? '',
  ].map(printable);
};

/** The kernels that use their memories most, and what they use. */
function onChipLines(kernels: readonly KernelMemory[], section: MemorySection): readonly string[] {
  const rows = kernels.map((kernel) => {
    const uses = spaceUses(kernel, section);
    const most = Math.max(0, ...uses.map(({ peakBytes, capacityBytes }) => peakBytes / capacityBytes));
    const cells = onChipSpaces.map((space) => {
      const use = uses.find((one) => one.space === space);
      return use === undefined
        ? ''
        : `${formatBytes(use.peakBytes)} ${Math.round((100 * use.peakBytes) / use.capacityBytes)}%`;
    });
    return { most, cells: [kernel.name, kernel.core, `x${kernel.launches}`, ...cells] };
  });
  const shown = rows.toSorted((one, other) => other.most - one.most).slice(0, LISTED);
  const title = ['kernel', 'core', 'launches', ...onChipSpaces];
  const more = rows.length > LISTED ? [`  and ${formatCount(rows.length - LISTED)} more kernels`] : [];
  return [...columns([title, ...shown.map(({ cells }) => cells)]), ...more];
}

/** Rows with aligned cells; columns that are empty everywhere are left out. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const body = rows.length > 1 && rows[0]?.[0] === 'kernel' ? rows.slice(1) : rows;
  const widths = (rows[0] ?? []).map((_, column) =>
    body.some((row) => row[column] !== '') ? Math.max(...rows.map((row) => row[column].length)) : 0,
  );
  return rows.map((row) =>
    `  ${row.flatMap((cell, column) => (widths[column] === 0 ? [] : [cell.padEnd(widths[column])])).join('  ')}`.trimEnd(),
  );
}
