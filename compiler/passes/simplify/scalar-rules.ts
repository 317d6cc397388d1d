/** Canonical forms of `arith` and `scf`: identities, and control flow whose condition is known. */
import type { Attribute, Operation, Value } from '../../ir/index.ts';
import { definingOperation } from '../../ir/index.ts';
import type { Pattern, PatternTable, Rewriter } from '../rewrite/index.ts';

/** Whether a value is the constant integer (or bool) `expected`. */
function isInteger(rewriter: Rewriter, value: Value, expected: number): boolean {
  const constant = rewriter.constantOf(value);
  if (constant?.kind === 'bool') return (constant.value ? 1 : 0) === expected;
  return constant?.kind === 'integer' && Number(constant.value) === expected;
}

function isFloat(rewriter: Rewriter, value: Value, expected: number): boolean {
  const constant = rewriter.constantOf(value);
  return constant?.kind === 'float' && Object.is(constant.value, expected);
}

const pattern = (name: string, rewrite: Pattern['rewrite']): Pattern => ({ name, rewrite });

/** `op(x, neutral)` is x; constants are on the right. */
const neutral = (value: number): Pattern =>
  pattern(`scalar neutral ${value}`, (op, rewriter) =>
    isInteger(rewriter, op.operands[1], value) ? [op.operands[0]] : null,
  );

const neutralFloat = (value: number): Pattern =>
  pattern(`float neutral ${Object.is(value, -0) ? '-0' : value}`, (op, rewriter) =>
    isFloat(rewriter, op.operands[1], value) ? [op.operands[0]] : null,
  );

/** `op(x, zero)` is that zero. */
const absorbing = (value: number): Pattern =>
  pattern(`absorbing ${value}`, (op, rewriter) =>
    isInteger(rewriter, op.operands[1], value) ? [op.operands[1]] : null,
  );

/** `op(x, x)` is x. */
const idempotent = pattern('idempotent', (op) => (op.operands[0] === op.operands[1] ? [op.operands[0]] : null));

/** `op(x, x)` is a constant. */
const cancelling = (value: (op: Operation) => Attribute | null): Pattern =>
  pattern('cancelling', (op, rewriter) => {
    if (op.operands[0] !== op.operands[1]) return null;
    const constant = value(op);
    return constant && constantValue(rewriter, op, constant);
  });

function constantValue(rewriter: Rewriter, op: Operation, value: Attribute): readonly Value[] {
  return rewriter.create('arith.constant', [], [op.results[0].type], new Map([['value', value]])).results;
}

/** Zero of a scalar integer result, or null for tensors. */
function zeroOf(op: Operation): Attribute | null {
  const { type } = op.results[0];
  if (type.kind !== 'scalar') return null;
  return type.dtype === 'i1' ? { kind: 'bool', value: false } : { kind: 'integer', value: 0, type };
}

/** Predicates of cmpi that hold for equal operands: eq, sle, sge, ule, uge. */
const HOLDS_FOR_EQUAL: ReadonlySet<number> = new Set([0, 3, 5, 7, 9]);

function equalComparison(op: Operation): Attribute | null {
  const predicate = op.attributes.get('predicate');
  if (predicate?.kind !== 'integer' || op.results[0].type.kind !== 'scalar') return null;
  return { kind: 'bool', value: HOLDS_FOR_EQUAL.has(Number(predicate.value)) };
}

/** `(x op c1) op c2` is `x op (c1 op c2)` for wrapping integers; the inner constants then fold. */
const reassociate = pattern('reassociate constants', (op, rewriter) => {
  const [left, right] = op.operands;
  const inner = definingOperation(left);
  if (inner?.name !== op.name || rewriter.constantOf(right) === null) return null;
  if (rewriter.constantOf(inner.operands[1]) === null || rewriter.constantOf(inner.operands[0]) !== null) return null;
  if (op.attributes.size + inner.attributes.size > 0) return null;
  const { type } = op.results[0];
  const constant = rewriter.create(op.name, [inner.operands[1], right], [type]);
  return rewriter.create(op.name, [inner.operands[0], constant.results[0]], [type]).results;
});

const selectKnown = pattern('select of known condition', (op, rewriter) => {
  const condition = rewriter.constantOf(op.operands[0]);
  if (condition?.kind === 'bool') return [op.operands[condition.value ? 1 : 2]];
  return op.operands[1] === op.operands[2] ? [op.operands[1]] : null;
});

const ifKnown = pattern('if of known condition', (op, rewriter) => {
  const condition = rewriter.constantOf(op.operands[0]);
  if (condition?.kind !== 'bool') return null;
  const region = op.regions[condition.value ? 0 : 1];
  return region.operations.length === 0 ? [] : rewriter.inline(region, []);
});

/** A loop that runs not at all, or exactly once. */
const shortLoop = pattern('loop of at most one trip', (op, rewriter) => {
  const [lower, upper, step] = op.operands.slice(0, 3).map((bound) => rewriter.constantOf(bound));
  if (lower?.kind !== 'integer' || upper?.kind !== 'integer') return null;
  const [from, to] = [BigInt(lower.value), BigInt(upper.value)];
  const initial = op.operands.slice(3);
  if (from >= to) return initial;
  if (step?.kind !== 'integer' || BigInt(step.value) <= 0n || from + BigInt(step.value) < to) return null;
  return rewriter.inline(op.regions[0], [op.operands[0], ...initial]);
});

/** A cast of a cast back to the first type. */
const castBack = pattern('cast there and back', (op) => {
  const inner = definingOperation(op.operands[0]);
  if (inner?.name !== 'arith.extsi' && inner?.name !== 'arith.extui') return null;
  return inner.operands[0].type.key === op.results[0].type.key ? [inner.operands[0]] : null;
});

const extractKnown = pattern('element of from_elements', (op, rewriter) => {
  const source = definingOperation(op.operands[0]);
  const type = op.operands[0].type;
  if (source?.name !== 'tensor.from_elements' || type.kind !== 'tensor') return null;
  let position = 0;
  for (const [axis, index] of op.operands.slice(1).entries()) {
    const constant = rewriter.constantOf(index);
    if (constant?.kind !== 'integer') return null;
    position = position * Number(type.shape[axis]) + Number(constant.value);
  }
  const element = source.operands[position];
  return element ? [element] : null;
});

/** Rules of the ops that are no tensor ops. */
export const scalarRules: PatternTable = new Map<string, readonly Pattern[]>([
  ['arith.addi', [neutral(0), reassociate]],
  ['arith.subi', [neutral(0), cancelling(zeroOf)]],
  ['arith.muli', [neutral(1), absorbing(0), reassociate]],
  ['arith.divsi', [neutral(1)]],
  ['arith.divui', [neutral(1)]],
  ['arith.floordivsi', [neutral(1)]],
  ['arith.ceildivsi', [neutral(1)]],
  ['arith.andi', [idempotent, absorbing(0), reassociate]],
  ['arith.ori', [idempotent, neutral(0), reassociate]],
  ['arith.xori', [neutral(0), cancelling(zeroOf), reassociate]],
  ['arith.shli', [neutral(0)]],
  ['arith.shrsi', [neutral(0)]],
  ['arith.shrui', [neutral(0)]],
  ['arith.maxsi', [idempotent]],
  ['arith.maxui', [idempotent]],
  ['arith.minsi', [idempotent]],
  ['arith.minui', [idempotent]],
  ['arith.addf', [neutralFloat(-0)]],
  ['arith.subf', [neutralFloat(0)]],
  ['arith.mulf', [neutralFloat(1)]],
  ['arith.divf', [neutralFloat(1)]],
  ['arith.maximumf', [idempotent]],
  ['arith.minimumf', [idempotent]],
  ['arith.cmpi', [cancelling(equalComparison)]],
  ['arith.select', [selectKnown]],
  ['arith.trunci', [castBack]],
  ['tensor.extract', [extractKnown]],
  ['scf.if', [ifKnown]],
  ['scf.for', [shortLoop]],
]);
