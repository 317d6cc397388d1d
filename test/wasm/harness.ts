/** Runs one instruction on the reference machine and in WebAssembly, on equal memories, and compares every byte. */

import { instructionByMnemonic, resetState, stateOffset, type Space } from '../../runtime/isa/index.ts';
import { AccessFault, ActionTable, Core, Memory } from '../../runtime/machine/index.ts';
import { defaultChip, type Chip } from '../../runtime/target/index.ts';
import {
  compileOptimized,
  context,
  dataInstructions,
  detectFeatures,
  libraryModule,
  maximumPages,
  spaces,
  type DataInstruction,
} from '../../runtime/wasm/index.ts';

const K = 1024;

/** A chip with small memories, so that whole memories can be compared and ranges are often left. */
export const smallChip: Chip = {
  ...defaultChip,
  buffers: { l0a: 16 * K, l0b: 16 * K, l0c: 32 * K, l1: 32 * K, ub: 32 * K, bt: 1 * K, fb: 1 * K },
};
export const gmBytes = 64 * K;

/** A 32-bit xorshift: tests are deterministic. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1;
  }
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T; // items is not empty
  }
}

/** What fills the memories: bytes, or numbers of a type that stay exact under sums of products. */
export type Filling = 'bytes' | 'offsets' | 'f32' | 'f16' | 'bf16' | 'wide f32';

function fillSpace(bytes: Uint8Array, filling: Filling, random: Random): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = filling === 'f16' || filling === 'bf16' ? 2 : 4;
  for (let at = 0; at < bytes.length; at += step) {
    const small = random.below(17) - 8;
    if (filling === 'f32')
      view.setFloat32(at, small === 0 ? random.pick([0, -0]) : small / (random.below(4) === 0 ? 2 : 1), true);
    else if (filling === 'offsets') view.setUint32(at, random.below(2000) * 4, true);
    else if (filling === 'wide f32') view.setUint32(at, wideBits(random), true);
    else if (filling === 'f16')
      view.setUint16(
        at,
        small === 0 ? 0 : (small < 0 ? 0x8000 : 0) | ((15 + random.below(4)) << 10) | (random.below(8) << 7),
        true,
      );
    else if (filling === 'bf16')
      view.setUint16(
        at,
        small === 0 ? 0 : (small < 0 ? 0x8000 : 0) | ((127 + random.below(4)) << 7) | (random.below(8) << 4),
        true,
      );
    else view.setUint32(at, (random.below(65536) << 16) | random.below(65536), true);
  }
}

/** Any finite or infinite f32, often near the limits of the narrow types. */
function wideBits(random: Random): number {
  const exponent = random.pick([random.below(255), 100 + random.below(50), 127 + random.below(20), 255]);
  const mantissa =
    exponent === 255
      ? 0
      : random.pick([random.below(1 << 23), random.below(1024) << 13, (random.below(1024) << 13) | 0x1000]);
  return ((random.below(2) << 31) | (exponent << 23) | mantissa) >>> 0;
}

/** A core block in a WebAssembly memory, and the instruction library over it. */
export class WasmCore {
  readonly memory = new WebAssembly.Memory({ initial: 64, maximum: maximumPages, shared: true });
  readonly exports: Readonly<Record<string, unknown>>;
  readonly at = 1 << 20;
  readonly offsets: Readonly<Record<Space, { readonly start: number; readonly bytes: number }>>;

  constructor(instructions: readonly DataInstruction[] = dataInstructions, relaxedSimd = detectFeatures().relaxedSimd) {
    const module = compileOptimized(libraryModule({ relaxedSimd }, instructions));
    this.exports = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports;
    let start = this.at + context.bytes;
    const entries = spaces.map((space) => {
      const bytes = space === 'gm' ? gmBytes : smallChip.buffers[space];
      const place = { start, bytes };
      start += bytes + 128;
      return [space, place] as const;
    });
    this.offsets = Object.fromEntries(entries) as Record<Space, { start: number; bytes: number }>; // spaces are all keys
  }

  bytes(space: Space): Uint8Array {
    const { start, bytes } = this.offsets[space];
    return new Uint8Array(this.memory.buffer, start, bytes);
  }

  /** Runs one instruction; returns its fault code, 0 when it went well. */
  run(mnemonic: string, operands: readonly (number | bigint)[], state: Int32Array): number {
    const words = new Int32Array(this.memory.buffer);
    const at = this.at >> 2;
    words.set(state, at);
    for (const [index, space] of spaces.entries()) {
      words[at + (context.bounds >> 2) + index * 2] = this.offsets[space].start;
      words[at + (context.bounds >> 2) + index * 2 + 1] = this.offsets[space].bytes;
    }
    words[at + (context.fault >> 2)] = 0;
    words[at + (context.scratch >> 2)] = 1 << 16;
    try {
      (this.exports[mnemonic] as (...values: readonly (number | bigint)[]) => unknown)(this.at, 7, ...operands);
      return 0;
    } catch (error) {
      const code = words[at + (context.fault >> 2)] ?? 0;
      if (code === 0) throw error;
      return code;
    }
  }
}

/** Operand values by name; what is not named is 0. */
export type OperandValues = Readonly<Record<string, number>>;

/** Runs the instruction on both sides from the same filling and state; returns the differences (none when equal). */
export function compare(
  wasm: WasmCore,
  mnemonic: string,
  values: OperandValues,
  state: Int32Array,
  filling: Filling,
  seed: number,
): readonly string[] {
  const definition = instructionByMnemonic.get(mnemonic);
  if (definition === undefined) throw new Error(`no instruction ${mnemonic}`);
  const kind = definition.cores.includes('vector') ? 'vector' : 'cube';
  const words = [
    definition.opcode,
    ...definition.operands.map((operand) => (operand.kind === 'destination' ? 5 : (values[operand.name] ?? 0) >>> 0)),
  ];
  const gm = new Memory('gm', new ArrayBuffer(gmBytes), 0, gmBytes);
  const core = new Core({ kind, index: 0 }, smallChip, gm, Uint32Array.from(words));
  core.state.set(state);
  const random = new Random(seed);
  for (const space of spaces) {
    const bytes = core.memories[space].bytes;
    fillSpace(bytes, filling, random);
    if (bytes.length > 0) wasm.bytes(space).set(bytes);
  }
  const expected = reference(core);
  const operands = definition.operands
    .filter((operand) => operand.kind !== 'destination')
    .map((operand) => {
      const value = values[operand.name] ?? 0;
      return operand.kind === 'source' ? BigInt(value | 0) : value | 0;
    });
  const code = wasm.run(mnemonic, operands, state);
  if (expected !== null || code !== 0)
    return (expected !== null) === (code !== 0)
      ? []
      : [`${mnemonic}: reference ${expected ?? 'goes well'}, wasm fault code ${code}`];
  return [...compareMemories(core, wasm), ...compareState(core, wasm)];
}

const actions = new ActionTable();

function reference(core: Core): string | null {
  try {
    actions.action(core.fetch() as DataInstruction)(core);
    return null;
  } catch (error) {
    if (error instanceof AccessFault) return error.message;
    throw error;
  }
}

function compareMemories(core: Core, wasm: WasmCore): readonly string[] {
  for (const space of spaces) {
    const expected = core.memories[space].bytes;
    if (expected.length === 0) continue;
    const actual = wasm.bytes(space);
    for (let at = 0; at < expected.length; at++) {
      if (expected[at] === actual[at] || bothNan(expected, actual, at)) continue;
      return [`${space} byte ${at}: reference ${expected[at]}, wasm ${actual[at]}`];
    }
  }
  return [];
}

/** The payload and sign of a nan are not defined. */
function bothNan(expected: Uint8Array, actual: Uint8Array, at: number): boolean {
  const word = at & ~3;
  const f32 = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset + word, 4).getFloat32(0, true);
  const half = (bytes: Uint8Array) => ((bytes[(at & ~1) + 1] ?? 0) << 8) | (bytes[at & ~1] ?? 0);
  const isF16 = (bits: number) => (bits & 0x7fff) > 0x7c00;
  return (Number.isNaN(f32(expected)) && Number.isNaN(f32(actual))) || (isF16(half(expected)) && isF16(half(actual)));
}

function compareState(core: Core, wasm: WasmCore): readonly string[] {
  const actual = new Int32Array(wasm.memory.buffer, wasm.at, core.state.length);
  const at = core.state.findIndex((value, index) => value !== actual[index]);
  return at < 0 ? [] : [`special register slot ${at}: reference ${core.state[at]}, wasm ${actual[at]}`];
}

/** A special register column with the given slots set. */
export function stateWith(slots: Readonly<Partial<Record<keyof typeof stateOffset, readonly number[]>>>): Int32Array {
  const column = resetState();
  for (const [name, values] of Object.entries(slots)) column.set(values, stateOffset[name as keyof typeof stateOffset]); // keys of slots are names
  return column;
}
