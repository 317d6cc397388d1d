/** Launches under the roofs of the chip: operations for each byte against operations per second, both logarithmic. */
import { useState } from 'preact/hooks';
import { operationsOf, rooflinePoint, type KernelSection } from '../../../report/index.ts';
import { Tooltip, formatAmount } from '../../shell/components/index.ts';
import type { LaunchRow } from './launch-rows.ts';
import { boundColours } from './look.ts';
import { chooseLaunch, chosenLaunch } from './state.ts';

interface RooflineProps {
  readonly section: KernelSection;
  readonly rows: readonly LaunchRow[];
  readonly isShown: (row: LaunchRow) => boolean;
}

/** The drawing in its own units; it is scaled to the pane. */
const WIDTH = 960;
const HEIGHT = 420;
const LEFT = 64;
const BOTTOM = 34;
const RIGHT = 16;
const TOP = 12;

interface Axes {
  /** Powers of ten at the ends. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

interface Roof {
  readonly name: string;
  readonly perSecond: number;
}

interface Point {
  readonly row: LaunchRow;
  readonly intensity: number;
  readonly rate: number;
}

export function Roofline({ section, rows, isShown }: RooflineProps) {
  const [hovered, setHovered] = useState<{ readonly point: Point; readonly x: number; readonly y: number } | null>(
    null,
  );
  const points = rows.flatMap((row): readonly Point[] => {
    const point = rooflinePoint(row);
    return point === null ? [] : [{ row, ...point }];
  });
  const roofs = roofsOf(section);
  const axes = axesOf(points, roofs);
  const [x, y] = [scaleOf(axes.x, LEFT, WIDTH - RIGHT), scaleOf(axes.y, HEIGHT - BOTTOM, TOP)];
  const left = rows.length - points.length;
  return (
    <div class="roofline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Roofline of the chip with a point for each launch">
        <Grid axes={axes} x={x} y={y} />
        <Roofs section={section} roofs={roofs} axes={axes} x={x} y={y} />
        {points.map((point) => (
          <circle
            key={point.row.number}
            class={`roofline-point${String(point.row.number) === chosenLaunch.value ? ' is-chosen' : ''}`}
            data-launch={point.row.number}
            cx={x(point.intensity)}
            cy={y(point.rate)}
            r={3 + 7 * Math.sqrt(point.row.share)}
            opacity={isShown(point.row) ? 0.85 : 0.15}
            style={`fill:var(--${boundColours[point.row.bound]})`}
            onClick={() => chooseLaunch(point.row.number)}
            onPointerMove={(event) => setHovered({ point, x: event.clientX, y: event.clientY })}
            onPointerLeave={() => setHovered(null)}
          />
        ))}
      </svg>
      {left > 0 && <p class="faint">{left} launches only move data and have no point.</p>}
      <Tooltip at={hovered}>{hovered !== null && <PointFacts point={hovered.point} section={section} />}</Tooltip>
    </div>
  );
}

function PointFacts({
  point: { row, intensity, rate },
  section,
}: {
  readonly point: Point;
  readonly section: KernelSection;
}) {
  const roof = attainable(section, row);
  return (
    <>
      <b>{row.name}</b> #{row.number}, {row.microseconds.toFixed(2)} us
      <br />
      {intensity.toFixed(2)} operations for each byte, {formatAmount(rate)}FLOP/s
      <br />
      {((100 * rate) / roof).toFixed(1)} % of what memory and units allow ({formatAmount(roof)}FLOP/s)
      <br />
      {row.executed.map(({ unit, dtype, operations }) => `${unit} ${dtype} ${formatAmount(operations)}`).join(', ')}
    </>
  );
}

/** The rate at which the slowest of HBM, L2 and the two units would be busy all the time with the launch's mix of work. */
function attainable({ chip }: KernelSection, row: LaunchRow): number {
  const seconds = (['cube', 'vector'] as const).map((unit) =>
    row.executed
      .filter((part) => part.unit === unit)
      .reduce((sum, { dtype, operations }) => {
        const peak = chip[unit].find((roof) => roof.dtype === dtype) ?? chip[unit].at(-1);
        return sum + operations / (peak?.perSecond ?? Infinity);
      }, 0),
  );
  const memory = [row.hbmBytes / chip.hbmBytesPerSecond, row.l2Bytes / chip.l2BytesPerSecond];
  return operationsOf(row) / Math.max(...seconds, ...memory);
}

/** Peaks of the units and types that the program uses. */
function roofsOf({ chip, launches }: KernelSection): readonly Roof[] {
  const used = new Set(launches.flatMap(({ executed }) => executed.map(({ unit, dtype }) => `${unit} ${dtype}`)));
  return (['cube', 'vector'] as const).flatMap((unit) =>
    chip[unit].flatMap(({ dtype, perSecond }) =>
      used.has(`${unit} ${dtype}`) ? [{ name: `${unit} ${dtype}`, perSecond }] : [],
    ),
  );
}

function axesOf(points: readonly Point[], roofs: readonly Roof[]): Axes {
  const intensities = points.map(({ intensity }) => Math.log10(intensity));
  const rates = [...points.map(({ rate }) => rate), ...roofs.map(({ perSecond }) => perSecond)].map(Math.log10);
  return {
    x: [Math.floor(Math.min(-1, ...intensities)), Math.ceil(Math.max(3, ...intensities))],
    y: [Math.floor(Math.min(11, ...rates)), Math.ceil(Math.max(12, ...rates))],
  };
}

type Scale = (value: number) => number;

const scaleOf =
  ([low, high]: readonly [number, number], from: number, to: number): Scale =>
  (value) =>
    from + ((Math.log10(value) - low) / (high - low)) * (to - from);

const powers = ([low, high]: readonly [number, number]): readonly number[] =>
  Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));

function Grid({ axes, x, y }: { readonly axes: Axes; readonly x: Scale; readonly y: Scale }) {
  return (
    <g class="roofline-grid">
      {powers(axes.x).map((value) => (
        <g key={value}>
          <line x1={x(value)} x2={x(value)} y1={TOP} y2={HEIGHT - BOTTOM} />
          <text x={x(value)} y={HEIGHT - BOTTOM + 14} text-anchor="middle">
            {value < 1 ? value : formatAmount(value)}
          </text>
        </g>
      ))}
      {powers(axes.y).map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
            {formatAmount(value)}
          </text>
        </g>
      ))}
      <text x={(WIDTH + LEFT) / 2} y={HEIGHT - 4} text-anchor="middle">
        operations for each byte of GM traffic
      </text>
      <text class="roofline-axis" transform={`translate(12 ${HEIGHT / 2}) rotate(-90)`} text-anchor="middle">
        operations per second
      </text>
    </g>
  );
}

interface RoofsProps {
  readonly section: KernelSection;
  readonly roofs: readonly Roof[];
  readonly axes: Axes;
  readonly x: Scale;
  readonly y: Scale;
}

function Roofs({ section: { chip }, roofs, axes, x, y }: RoofsProps) {
  const highest = Math.max(10 ** axes.y[0], ...roofs.map(({ perSecond }) => perSecond));
  const [low, high] = [10 ** axes.x[0], 10 ** axes.x[1]];
  const slopes = [
    { name: `HBM ${formatAmount(chip.hbmBytesPerSecond)}B/s`, bytes: chip.hbmBytesPerSecond },
    { name: `L2 ${formatAmount(chip.l2BytesPerSecond)}B/s`, bytes: chip.l2BytesPerSecond },
  ];
  return (
    <g class="roofline-roofs">
      {slopes.map(({ name, bytes }) => {
        const start = Math.max(low, 10 ** axes.y[0] / bytes);
        const end = Math.min(high, highest / bytes);
        const middle = Math.sqrt(start * end);
        const slope = (Math.atan2(y(bytes * end) - y(bytes * start), x(end) - x(start)) * 180) / Math.PI;
        return (
          <g key={name}>
            <line x1={x(start)} y1={y(start * bytes)} x2={x(end)} y2={y(end * bytes)} />
            <text transform={`translate(${x(middle)} ${y(middle * bytes) - 6}) rotate(${slope})`} text-anchor="middle">
              {name}
            </text>
          </g>
        );
      })}
      {roofs.map(({ name, perSecond }) => (
        <g key={name}>
          <line
            x1={x(Math.max(low, Math.min(high, perSecond / chip.l2BytesPerSecond)))}
            x2={x(high)}
            y1={y(perSecond)}
            y2={y(perSecond)}
          />
          <text x={x(high) - 4} y={y(perSecond) - 5} text-anchor="end">
            {name} {formatAmount(perSecond)}FLOP/s
          </text>
        </g>
      ))}
    </g>
  );
}
