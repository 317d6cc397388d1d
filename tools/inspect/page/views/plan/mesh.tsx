/** The devices of the cluster, server by server, coloured by their place on an axis of the mesh. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { MeshAxis, PlanSection } from '../../../report/index.ts';
import { Canvas, Choice, Toolbar, Tooltip, type Draw, type Size } from '../../shell/components/index.ts';
import { hashParameter } from '../../shell/route.ts';
import { isDark } from '../../shell/theme.ts';

const chosenAxis = hashParameter('axis', '');

/** Where a device is drawn. */
interface Grid {
  readonly cell: number;
  readonly gap: number;
  /** Servers beside each other, and devices of a server. */
  readonly columns: number;
  readonly server: number;
}

export function Mesh({ section }: { readonly section: PlanSection }) {
  const { mesh, question } = section;
  const axes = mesh.filter(({ size }) => size > 1);
  const axis = axes.find(({ name }) => name === chosenAxis.value) ?? axes[0];
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [hover, setHover] = useState<{ readonly device: number; readonly x: number; readonly y: number } | null>(null);
  const server = question.networks.slice(0, -1).reduce((product, { size: count }) => product * count, 1);
  const grid = useMemo(() => gridOf(question.devices, server, size), [question.devices, server, size]);
  const dark = isDark.value;
  const device = hover?.device ?? null;
  const draw = useCallback<Draw>(
    (context, _, colours) => {
      for (let each = 0; each < question.devices; each += 1) {
        const { x, y } = placeOf(each, grid);
        const isOther = device !== null && axis !== undefined && !isInGroup(each, device, axis);
        context.globalAlpha = isOther ? 0.35 : 1;
        context.fillStyle = axis === undefined ? colours.sunken : colourOf(coordinate(each, axis), axis.size, dark);
        context.fillRect(x, y, grid.cell - 1, grid.cell - 1);
        if (grid.cell < 26) continue;
        context.fillStyle = colours.text;
        context.font = '11px system-ui';
        context.textAlign = 'center';
        context.fillText(String(each), x + grid.cell / 2 - 0.5, y + grid.cell / 2 + 3.5);
      }
      context.globalAlpha = 1;
      if (device === null) return;
      const { x, y } = placeOf(device, grid);
      context.strokeStyle = colours.text;
      context.lineWidth = 1.5;
      context.strokeRect(x, y, grid.cell - 1, grid.cell - 1);
    },
    [grid, axis, device, dark, question.devices],
  );
  return (
    <div class="plan-mesh" data-part="mesh">
      <Toolbar label="Mesh">
        <b>Mesh</b>
        {axes.length === 0 && <span class="faint">one device</span>}
        {axes.length > 0 && (
          <Choice
            label="Colour by axis"
            value={axis?.name ?? ''}
            options={axes.map(({ name, size: count, meaning }) => ({
              value: name,
              title: `${name} ${count}`,
              hint: meaning,
            }))}
            onChange={(name) => (chosenAxis.value = name)}
          />
        )}
        {axis !== undefined && (
          <span class="faint">
            {axis.meaning}
            {axis.spans === '' ? '' : `: ${axis.spans}`}
          </span>
        )}
      </Toolbar>
      <div class="plan-mesh-canvas">
        <Canvas
          label={`${question.devices} devices coloured by ${axis?.name ?? 'nothing'}`}
          draw={draw}
          onSize={setSize}
          onPointerMove={(event) => {
            const found = deviceAt(event.offsetX, event.offsetY, grid, question.devices);
            setHover(found === null ? null : { device: found, x: event.clientX, y: event.clientY });
          }}
          onPointerLeave={() => setHover(null)}
        />
      </div>
      <Tooltip at={hover}>
        {hover !== null && (
          <>
            device {hover.device}, server {Math.floor(hover.device / server)}
            <br />
            {mesh.map((each) => `${each.name} ${coordinate(hover.device, each)} of ${each.size}`).join(', ')}
          </>
        )}
      </Tooltip>
    </div>
  );
}

const coordinate = (device: number, { stride, size }: MeshAxis): number => Math.floor(device / stride) % size;

/** Whether two devices differ on no axis but one. */
const isInGroup = (one: number, other: number, { stride, size }: MeshAxis): boolean =>
  one % stride === other % stride && Math.floor(one / (stride * size)) === Math.floor(other / (stride * size));

/** Hues around the circle, those of neighbours far enough apart to be told. */
function colourOf(at: number, size: number, dark: boolean): string {
  const hue = (210 + (360 * at) / size) % 360;
  const light = (dark ? 42 : 72) + (at % 2) * (size > 8 ? 8 : 0);
  return `hsl(${hue} 55% ${light}%)`;
}

const PADDING = 8;
const LARGEST_CELL = 40;

/** The largest cells with which all servers fit. */
function gridOf(devices: number, server: number, { width, height }: Size): Grid {
  const servers = Math.ceil(devices / server);
  for (let cell = LARGEST_CELL; cell >= 2; cell -= 1) {
    const gap = cell >= 8 ? 6 : cell >= 4 ? 3 : 1;
    const columns = Math.max(1, Math.floor((width - PADDING * 2 + gap) / (server * cell + gap)));
    const rows = Math.ceil(servers / columns);
    if (columns * (server * cell + gap) - gap <= width - PADDING * 2 && rows * (cell + gap) <= height - PADDING * 2)
      return { cell, gap, columns, server };
  }
  return { cell: 2, gap: 1, columns: Math.max(1, Math.floor(width / (server * 2 + 1))), server };
}

function placeOf(device: number, { cell, gap, columns, server }: Grid): { readonly x: number; readonly y: number } {
  const at = Math.floor(device / server);
  const x = PADDING + (at % columns) * (server * cell + gap) + (device % server) * cell;
  return { x, y: PADDING + Math.floor(at / columns) * (cell + gap) };
}

function deviceAt(x: number, y: number, grid: Grid, devices: number): number | null {
  const { cell, gap, columns, server } = grid;
  const column = Math.floor((x - PADDING) / (server * cell + gap));
  const row = Math.floor((y - PADDING) / (cell + gap));
  const inside = Math.floor((x - PADDING - column * (server * cell + gap)) / cell);
  if (column < 0 || column >= columns || row < 0 || inside < 0 || inside >= server) return null;
  if (y - PADDING - row * (cell + gap) >= cell) return null;
  const device = (row * columns + column) * server + inside;
  return device < devices ? device : null;
}
