/** Footprints and traffic against what instructions really do, for every data instruction on random operands. */
import { describe, expect, it } from 'vitest';
import { compileAction, compileFootprint, compileTraffic, instructions, stateOffset } from '../../runtime/isa/index.ts';
import type { InstructionDefinition, OperandDefinition, Space } from '../../runtime/isa/index.ts';
import { AccessFault, Core, Memory } from '../../runtime/machine/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';

const GM_BYTES = 1 << 15;
const spaces: readonly Space[] = ['gm', 'l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb', 'ub'];
const chip = {
  ...defaultChip,
  buffers: { l0a: 16384, l0b: 16384, l0c: 16384, l1: 32768, ub: 32768, bt: 1024, fb: 2048 },
};

/** Deterministic words from a seed. */
function generator(seed: number): (limit: number) => number {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function operandValue(operand: OperandDefinition, random: (limit: number) => number): number {
  if (operand.kind === 'address') {
    const size = operand.space === 'gm' ? GM_BYTES : chip.buffers[operand.space];
    const alignment = operand.space === 'gm' ? 8 : Math.max(8, operand.alignment);
    return random(Math.max(1, size / 4 / alignment)) * alignment;
  }
  if (operand.kind === 'integer' && operand.unit === 'B' && operand.name.startsWith('a')) return random(256) * 32;
  if (operand.kind === 'integer' && operand.name.includes('stride')) return random(20);
  return random(operand.kind === 'integer' ? Math.min(operand.maximum + 1, 9) : 3);
}

function randomCore(definition: InstructionDefinition, seed: number): Core {
  const random = generator(seed);
  const kind = definition.cores[0] ?? 'vector';
  const core = new Core(
    { kind, index: 0 },
    chip,
    new Memory('gm', new ArrayBuffer(GM_BYTES), 0, GM_BYTES),
    new Uint32Array(32),
  );
  for (const space of spaces) {
    const { bytes } = core.memories[space];
    // Small positive floats; for gathers, small byte offsets.
    const isOffset = definition.mnemonic.startsWith('vgather');
    for (let at = 0; at < bytes.length; at++)
      bytes[at] = at % 4 === 0 ? random(60) * 4 : at % 4 === 3 && !isOffset ? 0x3f : 0;
  }
  definition.operands.forEach((operand, position) => {
    core.operands[position] = operandValue(operand, random);
  });
  core.state.set([random(2) ? -1 : random(1 << 30), random(2) ? -1 : random(1 << 30)], stateOffset.mask);
  core.state.set([5 + random(4), 4 + random(4), random(3), random(3), random(3), random(3)], stateOffset.fmatrix);
  core.state.set([0, 1, 0], stateOffset.l3d_rpt);
  return core;
}

interface Touched {
  readonly reads: Map<Space, Uint8Array>;
  readonly writes: Map<Space, Uint8Array>;
}

function footprintOf(core: Core, definition: InstructionDefinition): Touched {
  const marks = (): Map<Space, Uint8Array> =>
    new Map(spaces.map((space) => [space, new Uint8Array(core.memories[space].bytes.length)]));
  const touched = { reads: marks(), writes: marks() };
  compileFootprint(definition)(core, {
    read: (space, start, end) => {
      touched.reads.get(space)!.fill(1, start, end);
    },
    write: (space, start, end) => {
      touched.writes.get(space)!.fill(1, start, end);
    },
  });
  return touched;
}

const overlaps = ({ reads, writes }: Touched): boolean =>
  spaces.some((space) => reads.get(space)!.some((mark, at) => mark === 1 && writes.get(space)![at] === 1));

const snapshot = (core: Core): Map<Space, Uint8Array> =>
  new Map(spaces.map((space) => [space, core.memories[space].bytes.slice()]));

function ranWithoutFault(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof AccessFault)) throw error;
    return false;
  }
}

const subjects = instructions.filter(
  ({ meaning, pipe }) => meaning.kind !== 'control' && meaning.kind !== 'synchronization' && pipe !== 'S',
);

/** Runs an instruction on a seed; true if it did not fault. */
function checkOnce(definition: InstructionDefinition, action: (core: Core) => void, seed: number): boolean {
  const core = randomCore(definition, seed);
  const touched = footprintOf(core, definition);
  // A permutation whose destination overlaps its sources has no defined order.
  if (definition.pipe === 'V' && definition.meaning.kind === 'body' && overlaps(touched)) return false;
  const before = snapshot(core);
  if (
    !ranWithoutFault(() => {
      action(core);
    })
  )
    return false;
  const after = snapshot(core);
  for (const space of spaces) {
    const [old, now, writes] = [before.get(space)!, after.get(space)!, touched.writes.get(space)!];
    for (let at = 0; at < old.length; at++)
      if (old[at] !== now[at] && writes[at] === 0) throw new Error(`${space}[${at}] changed outside the footprint`);
  }
  // Bytes that are not read do not matter for bytes that are written.
  const other = randomCore(definition, seed);
  for (const space of spaces) {
    const { bytes } = other.memories[space];
    const reads = touched.reads.get(space)!;
    for (let at = 0; at < bytes.length; at++) if (reads[at] === 0 && bytes.length > 0) bytes[at]! ^= 0x11;
  }
  action(other);
  for (const space of spaces) {
    const [now, writes] = [after.get(space)!, touched.writes.get(space)!];
    const { bytes } = other.memories[space];
    for (let at = 0; at < now.length; at++)
      if (writes[at] === 1 && bytes[at] !== now[at])
        throw new Error(`${space}[${at}] depends on bytes outside the footprint`);
  }
  return true;
}

describe('footprints', () => {
  it.each(subjects.map((definition) => [definition.mnemonic, definition] as const))('%s', (_, definition) => {
    const action = compileAction(definition);
    let ran = 0;
    for (let attempt = 1; attempt <= 60 && ran < 2; attempt++)
      ran += checkOnce(definition, action, attempt * 7919) ? 1 : 0;
    expect(ran, 'runs without fault').toBeGreaterThan(0);
  });
});

describe('traffic', () => {
  it('counts the bytes that loop nests store', () => {
    for (const definition of subjects) {
      if (definition.meaning.kind !== 'body' || /reducev2|mrgsort|bitsort/.test(definition.mnemonic)) continue;
      const core = randomCore(definition, 12345);
      let stored = 0;
      compileFootprint(definition)(core, {
        read: () => undefined,
        write: (_, start, end) => {
          stored += Math.max(0, end - start);
        },
      });
      expect(compileTraffic(definition)(core).bytes, definition.mnemonic).toBe(stored);
    }
  });
});
