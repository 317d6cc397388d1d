/** How a kernel cuts its work: loops, what stands in them, and where its buffers lie on chip. */
import {
  pipeNames,
  type ChipRoofs,
  type KernelFacts,
  type LaunchFacts,
  type TileBuffer,
  type TileFacts,
} from '../../../report/index.ts';
import { Empty, formatBytes, formatCount, formatPercent } from '../../shell/components/index.ts';

interface TilesProps {
  readonly kernel: KernelFacts;
  readonly launch: LaunchFacts;
  readonly chip: ChipRoofs;
}

export function Tiles({ kernel, launch, chip }: TilesProps) {
  const { tiles } = kernel;
  if (tiles === null) return <Empty>A program file has no tiles: the loops and buffers are in the compilation.</Empty>;
  return (
    <div class="tiles">
      <section>
        <h3>Loops</h3>
        <pre class="tile-code">
          <span class="tile-head">
            <b>{kernel.name}</b>({tiles.arguments.join(', ')}) on {launch.blocks} {kernel.core} cores
          </span>
          <TileBody tiles={tiles} loop={-1} depth={1} />
        </pre>
      </section>
      <section>
        <h3>On-chip memory</h3>
        {Object.entries(chip.memories).map(([space, capacity]) => (
          <Space
            key={space}
            space={space}
            capacity={capacity}
            buffers={tiles.buffers.filter((each) => each.space === space)}
          />
        ))}
      </section>
    </div>
  );
}

function TileBody({
  tiles,
  loop,
  depth,
}: {
  readonly tiles: TileFacts;
  readonly loop: number;
  readonly depth: number;
}) {
  const indent = '  '.repeat(depth);
  const body = loop < 0 ? tiles.body : (tiles.loops[loop]?.body ?? []);
  return (
    <>
      {tiles.buffers
        .filter((buffer) => buffer.loop === loop)
        .map((buffer) => (
          <span key={buffer.name} class="tile-buffer">
            {indent}
            <b>{buffer.name}</b> = {formatBytes(buffer.bytes)}
            {buffer.copies > 1 ? ` × ${buffer.copies}` : ''}
            <i>
              {'  '}
              {buffer.writers.join(', ')} → {buffer.readers.join(', ')}
            </i>
          </span>
        ))}
      {body.length > 0 && (
        <span class="tile-body">
          {indent}
          {counted(body).join('  ')}
        </span>
      )}
      {tiles.loops.map((inner, number) =>
        inner.parent === loop ? (
          <span key={number}>
            <span class="tile-loop">
              {indent}
              <b>{inner.isDivided ? 'for each core' : 'for'}</b> {inner.variable} = {inner.from} … {inner.to} step{' '}
              {inner.step}
              {inner.trips !== null && (
                <i>{`  ${formatCount(inner.trips)} ${inner.isDivided ? 'turns of all cores' : 'turns'}`}</i>
              )}
            </span>
            <TileBody tiles={tiles} loop={number} depth={depth + 1} />
          </span>
        ) : null,
      )}
    </>
  );
}

/** Runs of one mnemonic become one word with a count. */
function counted(words: readonly string[]): readonly string[] {
  const runs: { word: string; count: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.count++;
    else runs.push({ word, count: 1 });
  }
  return runs.map(({ word, count }) => (count === 1 ? word : `${word} ×${count}`));
}

interface SpaceProps {
  readonly space: string;
  readonly capacity: number;
  readonly buffers: readonly TileBuffer[];
}

interface Block {
  readonly buffer: TileBuffer;
  readonly copy: number;
  readonly from: number;
  readonly to: number;
}

/** Share of a memory from which a block has room for its name. */
const LABELLED = 0.06;

function Space({ space, capacity, buffers }: SpaceProps) {
  if (buffers.length === 0) return null;
  const rows = rowsOf(buffers);
  const used = Math.max(...buffers.map(({ address, bytes, copies }) => address + bytes * copies));
  return (
    <div class="space">
      <div class="space-name">
        <b>{space.toUpperCase()}</b> {formatBytes(used)} of {formatBytes(capacity)} ({formatPercent(used / capacity)})
      </div>
      {rows.map((row, number) => (
        <div key={number} class="space-bar">
          {row.map(({ buffer, copy, from, to }) => (
            <span
              key={`${buffer.name} ${copy}`}
              class={`space-block${copy > 0 ? ' is-copy' : ''}`}
              style={`left:${(from / capacity) * 100}%;width:${((to - from) / capacity) * 100}%`}
              title={`${buffer.name}${buffer.copies > 1 ? `, copy ${copy + 1} of ${buffer.copies}` : ''}: ${formatBytes(buffer.bytes)} at 0x${from.toString(16)}`}
            >
              {to - from > LABELLED * capacity ? buffer.name : ''}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Blocks in rows without overlaps: buffers that share addresses live at different times and lie in different rows. */
function rowsOf(buffers: readonly TileBuffer[]): readonly (readonly Block[])[] {
  const rows: Block[][] = [];
  const blocks = buffers.flatMap((buffer) =>
    Array.from({ length: buffer.copies }, (_, copy) => {
      const from = buffer.address + copy * buffer.bytes;
      return { buffer, copy, from, to: from + buffer.bytes };
    }),
  );
  for (const block of blocks) {
    const row = rows.find((candidate) => candidate.every((other) => other.to <= block.from || block.to <= other.from));
    if (row === undefined) rows.push([block]);
    else row.push(block);
  }
  return rows;
}

/** Names of pipes that a kernel's core has. */
export const pipesOfCore = (core: KernelFacts['core']): readonly number[] =>
  pipeNames.flatMap((name, pipe) =>
    (core === 'vector' && (name === 'M' || name === 'MTE1' || name === 'FIX')) || (core === 'cube' && name === 'V')
      ? []
      : [pipe],
  );
