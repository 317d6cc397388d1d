/** Evaluation of calls and structured control flow. */
import { integerAttribute } from '../core/attribute.ts';
import type { Location } from '../core/location.ts';
import type { Block, Operation } from '../core/operation.ts';
import type { Frame, RuntimeValue } from './frame.ts';
import { isScalar } from './frame.ts';

/** Who runs the blocks and functions that control flow picks. */
export interface BlockRunner {
  run(block: Block, inputs: readonly RuntimeValue[], frame: Frame): readonly RuntimeValue[];
  call(name: string, inputs: readonly RuntimeValue[], location: Location): readonly RuntimeValue[];
}

type Control = (runner: BlockRunner, op: Operation, frame: Frame) => readonly RuntimeValue[];

const valuesOf = (op: Operation, frame: Frame, from = 0): readonly RuntimeValue[] =>
  op.operands.slice(from).map((operand) => frame.get(operand));

/** Whether a condition holds. */
export function holds(value: RuntimeValue): boolean {
  if (!isScalar(value)) throw new Error('a condition is a tensor');
  return value.kind === 'bool' ? value.value : value.kind === 'integer' && (BigInt(value.value) & 1n) === 1n;
}

/** A bound of a loop. */
export function counterOf(value: RuntimeValue): bigint {
  if (!isScalar(value) || value.kind !== 'integer') throw new Error('a loop bound is no integer');
  return BigInt(value.value);
}

const runFor: Control = (runner, op, frame) => {
  const [lower, upper, step] = op.operands.slice(0, 3).map((operand) => counterOf(frame.get(operand)));
  const { type } = op.operands[0];
  const dtype = type.kind === 'scalar' ? type.dtype : 'index';
  let carried = valuesOf(op, frame, 3);
  for (let counter = lower; counter < upper; counter += step) {
    carried = runner.run(op.regions[0], [integerAttribute(Number(counter), dtype), ...carried], frame);
  }
  return carried;
};

const runWhile: Control = (runner, op, frame) => {
  let carried = valuesOf(op, frame);
  for (;;) {
    const [goesOn, ...passed] = runner.run(op.regions[0], carried, frame);
    if (!holds(goesOn)) return passed;
    carried = runner.run(op.regions[1], passed, frame);
  }
};

const runRegion: Control = (runner, op, frame) => runner.run(op.regions[0], valuesOf(op, frame), frame);

export const CONTROL_OPS: Readonly<Record<string, Control | undefined>> = {
  'func.call': (runner, op, frame) => {
    const callee = op.attribute('callee');
    return runner.call(callee?.kind === 'symbol' ? callee.name : '', valuesOf(op, frame), op.location);
  },
  'scf.if': (runner, op, frame) => {
    const [then, otherwise] = op.regions;
    const taken = holds(frame.get(op.operands[0])) ? then : otherwise;
    return taken === undefined ? [] : runner.run(taken, [], frame);
  },
  'scf.for': runFor,
  'scf.while': runWhile,
  'ms.custom_vjp': runRegion,
  'ms.recompute': runRegion,
};
