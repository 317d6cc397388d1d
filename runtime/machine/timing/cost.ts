/** Cycles of single instructions, from the chip's timing tables and the operand values. */
import { compileTraffic, stateOffset } from '../../isa/index.ts';
import type { InstructionDefinition, Lanes, Reduction, Traffic, TrafficCounter } from '../../isa/index.ts';
import type { Chip, VectorTiming } from '../../target/index.ts';
import type { Core } from '../core.ts';
import { conflictCycles } from './banks.ts';

/** What an instruction costs in its queue. */
export type Cost =
  /** Occupies the pipe for `cycles`; `head` more if the pipe was empty; results are complete `tail` later. */
  | {
      readonly kind: 'fixed';
      readonly head: number;
      readonly cycles: number;
      readonly tail: number;
      /** Of `cycles`: those that it always takes, and those that bank conflicts cost. */
      readonly startUp: number;
      readonly conflict: number;
    }
  /** A transfer through GM whose speed depends on who else transfers. */
  | {
      readonly kind: 'transfer';
      readonly bytes: number;
      readonly bytesPerCycle: number;
      readonly overhead: number;
      readonly latency: number;
      readonly address: number;
      readonly isRead: boolean;
    };

/** Costs of the instructions of one chip. */
export class CostModel {
  readonly #chip: Chip;
  readonly #counters: (TrafficCounter | undefined)[] = [];

  constructor(chip: Chip) {
    this.#chip = chip;
  }

  /** Cost of the instruction whose operands are in the core. */
  cost(core: Core, definition: InstructionDefinition): Cost {
    const { timing } = definition;
    if (timing.startsWith('vector.')) return this.#vector(core, definition);
    if (timing.startsWith('dma.')) return this.#transfer(core, definition);
    if (timing.startsWith('mad.')) return this.#mad(core, definition);
    if (timing.startsWith('copy.')) return this.#copy(core, definition);
    return plain(timing === 'scalar.memory' ? 4 : 1);
  }

  #traffic(core: Core, definition: InstructionDefinition): Traffic {
    return (this.#counters[definition.opcode] ??= compileTraffic(definition))(core);
  }

  #vector(core: Core, definition: InstructionDefinition): Cost {
    const { vector, vectorDefault } = this.#chip.timing;
    const isWide = definition.timing.includes('64') && definition.timing.startsWith('vector.conv_');
    const key = definition.timing.startsWith('vector.conv_')
      ? isWide
        ? 'vector.conv_64'
        : 'vector.conv'
      : definition.timing;
    const row = vector[key] ?? vectorDefault;
    const { meaning } = definition;
    const { cycles, conflict } =
      meaning.kind === 'lanes' || meaning.kind === 'reduction'
        ? repeatedCycles(core, definition, meaning, row)
        : { cycles: this.#permutationCycles(core, definition, row), conflict: 0 };
    return cycles === 0 ? plain(1) : { kind: 'fixed', head: row.head, cycles, tail: row.tail, startUp: 0, conflict };
  }

  /** Permutations: bytes written over the bytes per cycle of the row. */
  #permutationCycles(core: Core, definition: InstructionDefinition, row: VectorTiming): number {
    return Math.ceil(this.#traffic(core, definition).bytes / (4 * row.lanes32));
  }

  #mad(core: Core, definition: InstructionDefinition): Cost {
    const suffix = definition.timing.slice('mad.'.length) as keyof Chip['timing']['cubeK']; // the table has a row for each mad
    const [m, k, n] = ['m', 'k', 'n'].map((name) => operandValue(core, definition, name)) as [number, number, number]; // three names, three values
    const depth = { f16: 16, bf16: 16, f32: 8, s8: 32 }[suffix];
    const steps = Math.ceil(m / 16) * Math.ceil(n / 16) * Math.ceil(k / depth);
    const cycles = (steps * depth) / this.#chip.timing.cubeK[suffix];
    return cycles === 0 ? plain(1) : plain(cycles + this.#chip.timing.madStart, this.#chip.timing.madStart);
  }

  #copy(core: Core, definition: InstructionDefinition): Cost {
    const row = this.#chip.timing.copy[definition.timing];
    if (row === undefined) throw new Error(`chip ${this.#chip.name} has no timing for ${definition.timing}`);
    const rate = definition.timing.endsWith('.img2col')
      ? img2colRate(core, definition, row.bytesPerCycle)
      : row.bytesPerCycle;
    return plain(row.latency + Math.ceil(this.#traffic(core, definition).bytes / rate), row.latency);
  }

  #transfer(core: Core, definition: InstructionDefinition): Cost {
    const row = this.#chip.timing.dma[definition.timing];
    if (row === undefined) throw new Error(`chip ${this.#chip.name} has no timing for ${definition.timing}`);
    const { bytes, moves } = this.#traffic(core, definition);
    const gm = definition.operands.findIndex((operand) => operand.kind === 'address' && operand.space === 'gm');
    return {
      kind: 'transfer',
      bytes,
      bytesPerCycle: row.bytesPerCycle,
      overhead: moves * row.perBurst,
      latency: row.latency,
      address: core.operands[gm] ?? 0,
      isRead: row.shared === 'read',
    };
  }
}

/** A cost without head, tail and conflicts. */
const plain = (cycles: number, startUp = 0): Cost => ({
  kind: 'fixed',
  head: 0,
  cycles,
  tail: 0,
  startUp,
  conflict: 0,
});

function operandValue(core: Core, definition: InstructionDefinition, name: string): number {
  return core.operands[definition.operands.findIndex((operand) => operand.name === name)] ?? 0;
}

function widestBytes(meaning: Lanes | Reduction): number {
  return 256 / meaning.elements;
}

function repeatedCycles(
  core: Core,
  definition: InstructionDefinition,
  meaning: Lanes | Reduction,
  row: VectorTiming,
): { readonly cycles: number; readonly conflict: number } {
  const isCounting = core.state[stateOffset.mask_mode] !== 0;
  const count = (core.state[stateOffset.mask] ?? 0) >>> 0;
  const repeats = isCounting ? Math.ceil(count / meaning.elements) : operandValue(core, definition, 'repeat');
  const lanes = widestBytes(meaning) <= 2 ? row.lanes16 : row.lanes32;
  const base = Math.max(1, meaning.elements / lanes);
  const cycles = Math.ceil(repeats * (base + conflictCycles(core, definition, base, repeats)));
  return { cycles, conflict: cycles - Math.ceil(repeats * base) };
}

/** load3d slows down with the horizontal stride and with the rows of the feature map that it spans (facts of the 2201 set). */
function img2colRate(core: Core, definition: InstructionDefinition, full: number): number {
  const stride = operandValue(core, definition, 'stride_w');
  const isA = full >= 256;
  const width = core.state[stateOffset.fmatrix + 1] ?? 1;
  const rows = Math.max(1, Math.ceil(16 / Math.max(1, Math.floor(width / Math.max(1, stride)))));
  const least = isA ? 32 : 28;
  if (stride === 1) return rows === 1 ? full : Math.max(least, Math.floor(512 / (rows + (isA ? 2 : 4))));
  if (![2, 4, 8].includes(stride)) return least;
  return Math.max(least, Math.floor(512 / (2 * stride + (isA ? 0 : 2) + (rows === 1 ? 0 : rows))));
}
