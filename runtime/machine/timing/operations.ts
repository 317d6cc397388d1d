/** How many arithmetic operations an instruction executes, for rooflines. */
import { stateOffset } from '../../isa/index.ts';
import type { InstructionDefinition, Lanes, Reduction } from '../../isa/index.ts';
import type { Core } from '../core.ts';

/** Operations of one kind; `key` is unit and type, e.g. `vector f32`. */
export interface Operations {
  readonly key: string;
  readonly count: number;
}

/** Timing classes of vector instructions that compute more than one operation on each lane. */
const operationsPerLane: Readonly<Record<string, number>> = {
  'vector.mla': 2,
  'vector.madd': 2,
  'vector.axpy': 2,
  'vector.addrelu': 2,
};
/** Those that move, choose or convert, and compute nothing. */
const moving = new Set(['vector.dup', 'vector.copy', 'vector.ci', 'vector.sel', 'vector.cmp', 'vector.brcb']);

/** What the instruction computes whose operands are in the core; null for everything but cube and vector arithmetic. */
export function operationsOf(core: Core, definition: InstructionDefinition): Operations | null {
  const { timing, meaning } = definition;
  if (timing.startsWith('mad.')) {
    const [m, k, n] = ['m', 'k', 'n'].map((name) => operand(core, definition, name));
    return { key: `cube ${timing.slice('mad.'.length)}`, count: 2 * (m ?? 0) * (k ?? 0) * (n ?? 0) };
  }
  if (meaning.kind !== 'lanes' && meaning.kind !== 'reduction') return null;
  if (moving.has(timing) || timing.startsWith('vector.conv')) return null;
  const element = meaning.kind === 'lanes' ? (meaning.inputs[0]?.element ?? meaning.output) : meaning.element;
  return {
    key: `vector ${element}`,
    count: activeLanes(core, definition, meaning) * (operationsPerLane[timing] ?? 1),
  };
}

/** Lanes of all repeats that the mask lets through. */
function activeLanes(core: Core, definition: InstructionDefinition, { elements }: Lanes | Reduction): number {
  const mask = core.state.subarray(stateOffset.mask, stateOffset.mask + 4);
  if (core.state[stateOffset.mask_mode] !== 0) return (mask[0] ?? 0) >>> 0;
  const words = Math.min(4, elements / 32);
  let active = 0;
  for (let word = 0; word < words; word++) active += onesOf(mask[word] ?? 0);
  return active * operand(core, definition, 'repeat');
}

function onesOf(word: number): number {
  let ones = 0;
  for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) ones++;
  return ones;
}

function operand(core: Core, definition: InstructionDefinition, name: string): number {
  return core.operands[definition.operands.findIndex((candidate) => candidate.name === name)] ?? 0;
}
