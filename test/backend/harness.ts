/** Runs IR text through the backend on the reference interpreter, and through the oracle. */
import { isAbsent, parseModule, viewOf } from '../../compiler/ir/index.ts';
import type { Module, Value } from '../../compiler/ir/index.ts';
import { evaluateOps, filled, fromNumbers, tensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { assembleProgram, lowerToTile, scheduleModule, targetOps } from '../../compiler/backend-ascend/index.ts';
import { fuseModule } from '../../compiler/passes/fuse/index.ts';
import { disassemble, instructionByMnemonic } from '../../runtime/isa/index.ts';
import { Memory, sanitize } from '../../runtime/machine/index.ts';
import { launchesOf } from '../../runtime/program/index.ts';
import type { Launch, Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';

export const chip = defaultChip;

export function parse(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
  if (!module || diagnostics.length > 0)
    throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  return module;
}

/** A module of the @graph stage as a program. */
export function compile(module: Module): Program {
  fuseModule(module, opTable, targetOps);
  const tile = lowerToTile(module, chip);
  if (tile.diagnostics.length > 0)
    throw new Error(tile.diagnostics.map((d) => `${d.message}: ${d.notes.join('; ')}`).join('\n'));
  scheduleModule(tile.module, chip);
  return assembleProgram(tile.module, 'test', instructionByMnemonic, () => ({ kind: 'supplied' }));
}

/** The disassembly of a kernel, for a failure's message. */
function listing({ streams }: Program['kernels'][number]): string {
  return streams.map((stream) => disassemble(stream)).join('\n');
}

/** Runs every launch in order under the race check; inputs and parameters by position of their slots. */
export function runProgram(program: Program, values: readonly TensorValue[]): readonly TensorValue[] {
  const gm = new Memory('gm', new ArrayBuffer(program.gmBytes + 512), 0, program.gmBytes + 512);
  gm.bytes.fill(0x7f); // what is not written must not matter
  [...program.inputs, ...program.parameters].forEach((slot, index) => {
    const { data } = values[index];
    gm.bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), slot.address);
  });
  for (const { address, source } of program.constants)
    if (source.kind === 'embedded') gm.bytes.set(source.data, address);
  for (const launch of [...program.prepare, ...launchesOf(program.main)]) runLaunch(program, launch, gm);
  return program.outputs.map((slot) => {
    const result = filled(slot.shape, slot.dtype, 0);
    const target = new Uint8Array(result.data.buffer);
    target.set(gm.bytes.subarray(slot.address, slot.address + target.length));
    return result;
  });
}

function runLaunch(program: Program, launch: Launch, gm: Memory): void {
  const kernel = program.kernels[launch.kernel];
  const streams = Object.fromEntries(kernel.streams.map((stream) => [stream.core, stream]));
  const { findings } = sanitize({ ...streams, blocks: launch.blockCount, arguments: launch.args }, chip, gm);
  const found = findings.find(({ severity }) => severity === 'error');
  if (found)
    throw new Error(`${kernel.name}: ${found.kind}: ${found.message} ${JSON.stringify(found)}\n${listing(kernel)}`);
}

/** The oracle's answer for @main. */
export function evaluateMain(module: Module, values: readonly TensorValue[]): readonly TensorValue[] {
  const known = new Map<Value, TensorValue>();
  const [body] = module.body.operations[0].regions;
  body.arguments.forEach((argument, index) => known.set(argument, values[index]));
  for (const op of body.operations) {
    const operands = op.operands.map((operand) => known.get(operand) ?? filled([], 'f32', NaN));
    if (op.name === 'func.return') return operands;
    const evaluate = evaluateOps[op.name as keyof typeof evaluateOps];
    if (isAbsent(evaluate)) throw new Error(evaluate.absent);
    evaluate(operands, viewOf(op)).forEach((value, index) => known.set(op.results[index], value));
  }
  throw new Error('@main does not return');
}

/** Small deterministic data for a slot: multiples of 1/8 in [-4, 4]. */
export function sample(shape: readonly number[], dtype: TensorValue['dtype'], seed: number): TensorValue {
  const count = shape.reduce((product, extent) => product * extent, 1);
  let state = seed * 2654435761 + 1;
  const numbers = Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const eighths = ((state >>> 16) % 65) - 32;
    return dtype === 'i1' ? eighths & 1 : dtype.startsWith('f') || dtype === 'bf16' ? eighths / 8 : eighths;
  });
  return fromNumbers(shape, dtype, numbers);
}

/** Largest difference relative to the largest expected magnitude; as `--check` defines it. */
export function relativeError(actual: TensorValue, expected: TensorValue): number {
  let [difference, size] = [0, 0];
  for (let index = 0; index < expected.data.length; index++) {
    const [a, b] = [numberAt(actual, index), numberAt(expected, index)];
    if (Object.is(a, b) || a === b) continue;
    const error = Math.abs(a - b);
    if (Number.isNaN(error)) return Infinity;
    difference = Math.max(difference, error);
    if (Number.isFinite(b)) size = Math.max(size, Math.abs(b));
  }
  return difference === 0 ? 0 : difference / (size || 1);
}

function numberAt(value: TensorValue, index: number): number {
  const plain = value.dtype === 'f16' || value.dtype === 'bf16' ? halves(value) : value.data;
  return Number(plain[index]);
}

const cache = new WeakMap<object, Float32Array>();

function halves(value: TensorValue): Float32Array {
  const known = cache.get(value.data);
  if (known) return known;
  const evaluate = evaluateOps['ms.cast'];
  if (isAbsent(evaluate)) throw new Error(evaluate.absent);
  const type = { kind: 'tensor', dtype: 'f32', shape: value.shape, encoding: null, key: '' } as const;
  const [result] = evaluate([tensorValue(value.shape, value.dtype, value.data)], {
    operandTypes: [],
    attributes: new Map(),
    resultTypes: [type],
  });
  const numbers = Float32Array.from(result.data as Float32Array);
  cache.set(value.data, numbers);
  return numbers;
}

/** Compiles and runs @main on sample data; the largest error over its outputs. */
export function errorOf(text: string): number {
  const module = parse(text);
  const program = compile(module);
  const values = [...program.inputs, ...program.parameters].map((slot, index) =>
    sample(slot.shape, slot.dtype, index + 1),
  );
  const actual = runProgram(program, values);
  const expected = evaluateMain(parse(text), values);
  return Math.max(...expected.map((value, index) => relativeError(actual[index], value)));
}
