/**
 * UB bank conflicts on the 2201 set. 48 banks of 128 rows of 32 bytes form 16 groups of 3:
 * address bits [17:16] bank, [15:9] row, [8:5] group. A group serves one row read and one row write per cycle.
 */
import type { InstructionDefinition } from '../../isa/index.ts';
import type { Core } from '../core.ts';

const groupOf = (address: number): number => (address >> 5) & 15;
const bankOf = (address: number): number => groupOf(address) + 16 * ((address >> 16) & 3);
const rowOf = (address: number): number => (address >> 9) & 127;
const BLOCKS = 8;

interface Stream {
  readonly base: number;
  readonly block: number;
  readonly repeat: number;
}

function streamOf(core: Core, definition: InstructionDefinition, name: string): Stream | null {
  const value = (wanted: string): number | undefined => {
    const position = definition.operands.findIndex((operand) => operand.name === wanted);
    return position < 0 ? undefined : core.operands[position];
  };
  const base = value(name);
  return base === undefined
    ? null
    : { base, block: (value(`${name}_blk`) ?? 1) * 32, repeat: (value(`${name}_rep`) ?? 8) * 32 };
}

const blocksOf = (stream: Stream, repeat: number): readonly number[] =>
  Array.from({ length: BLOCKS }, (_, block) => stream.base + repeat * stream.repeat + block * stream.block);

/** Cycles the reads of one repeat take: the most rows that one group has to serve. */
function readCycles(sources: readonly Stream[], repeat: number): number {
  const rows = Array.from({ length: 16 }, () => new Set<number>());
  for (const source of sources)
    for (const address of blocksOf(source, repeat)) rows[groupOf(address)]?.add(address >> 5);
  return Math.max(1, ...rows.map((group) => group.size));
}

/** 1 if the writes of a repeat, which fall together with the reads of the next, meet one of them in a bank. */
function writeConflict(destination: Stream, sources: readonly Stream[], repeat: number): number {
  const writes = blocksOf(destination, repeat);
  const bypass = sources.at(-1)?.base === destination.base;
  if (bypass) return 0;
  for (const source of sources) {
    for (const read of blocksOf(source, repeat + 1)) {
      if (
        writes.some(
          (write) => bankOf(write) === bankOf(read) && (rowOf(write) - rowOf(read) > 2 || rowOf(write) < rowOf(read)),
        )
      )
        return 1;
    }
  }
  return 0;
}

/** Cycles per repeat that conflicts add to `base` cycles, averaged over the first repeats (the pattern has period 2 or less). */
export function conflictCycles(core: Core, definition: InstructionDefinition, base: number, repeats: number): number {
  const { meaning } = definition;
  if (meaning.kind !== 'lanes' || meaning.output === 'bit' || meaning.output === 'cmpmask') return 0;
  const sources = meaning.inputs.flatMap(({ name, element }) =>
    element === 'bit' || element === 'u32' ? [] : (streamOf(core, definition, name) ?? []),
  );
  const destination = streamOf(core, definition, 'dst');
  if (sources.length === 0 || destination === null) return 0;
  const sampled = Math.min(repeats, 2);
  let total = 0;
  for (let repeat = 0; repeat < sampled; repeat++) {
    const reads = Math.max(base, readCycles(sources, repeat));
    total += reads + (repeats > 1 ? writeConflict(destination, sources, repeat) : 0) - base;
  }
  return sampled === 0 ? 0 : total / sampled;
}
