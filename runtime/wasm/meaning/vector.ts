/**
 * Expressions over four lanes at a time: f32x4 and i32x4, the same trees that `expression.ts` makes scalar.
 *
 * Nodes are shared objects (a polynomial reads its argument many times), so a node used twice goes into a local. Trees
 * that no lane input reaches are computed once, before the loop, and splatted. What has no four-lane form
 * (64-bit values, a shift count per lane, division of indices) makes `vectorizable` false.
 */

import type { BinaryOp, Expression, UnaryOp, ValueType } from '../../isa/index.ts';
import { i32, op, seq, splatF32, splatI32, type Code, type PlainOp } from '../encode/code.ts';
import { get, set, tee, type Local } from '../encode/module.ts';
import { translateExpression } from './expression.ts';
import { narrowBf16Lanes, narrowF16Lanes, widenF16Lanes } from './half.ts';
import type { Scope } from './scope.ts';

const floatOps: Partial<Record<UnaryOp | BinaryOp, PlainOp>> = {
  neg: 'f32x4.neg',
  abs: 'f32x4.abs',
  sqrt: 'f32x4.sqrt',
  floor: 'f32x4.floor',
  ceil: 'f32x4.ceil',
  trunc: 'f32x4.trunc',
  nearest: 'f32x4.nearest',
  add: 'f32x4.add',
  sub: 'f32x4.sub',
  mul: 'f32x4.mul',
  div: 'f32x4.div',
};

const floatComparisons: Partial<Record<BinaryOp, PlainOp>> = {
  eq: 'f32x4.eq',
  ne: 'f32x4.ne',
  lt: 'f32x4.lt',
  le: 'f32x4.le',
  gt: 'f32x4.gt',
  ge: 'f32x4.ge',
};

const integerOps: Partial<Record<UnaryOp | BinaryOp, PlainOp>> = {
  neg: 'i32x4.neg',
  abs: 'i32x4.abs',
  add: 'i32x4.add',
  sub: 'i32x4.sub',
  mul: 'i32x4.mul',
  and: 'v128.and',
  or: 'v128.or',
  xor: 'v128.xor',
};

const integerComparisons: Partial<Record<BinaryOp, PlainOp>> = {
  eq: 'i32x4.eq',
  ne: 'i32x4.ne',
  lt: 'i32x4.lt_s',
  le: 'i32x4.le_s',
  gt: 'i32x4.gt_s',
  ge: 'i32x4.ge_s',
  lt_u: 'i32x4.lt_u',
};

const shifts: Partial<Record<BinaryOp, PlainOp>> = { shl: 'i32x4.shl', shr_s: 'i32x4.shr_s', shr_u: 'i32x4.shr_u' };

/** Locals of a meaning that differ from lane to lane. */
export type LaneNames = ReadonlySet<string>;

/** The parts of an expression. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'unary':
      return [expression.value];
    case 'binary':
      return [expression.left, expression.right];
    case 'select':
      return [expression.condition, expression.then, expression.else];
    case 'state':
      return expression.at === undefined ? [] : [expression.at];
    case 'load':
      return [expression.address];
    default:
      return [];
  }
}

const isLanewise = (expression: Expression, lanes: LaneNames, seen: Map<Expression, boolean>): boolean => {
  const known = seen.get(expression);
  if (known !== undefined) return known;
  const result =
    (expression.kind === 'local' && lanes.has(expression.name)) ||
    expression.kind === 'load' ||
    partsOf(expression).some((part) => isLanewise(part, lanes, seen));
  seen.set(expression, result);
  return result;
};

/** Whether every part that depends on a lane has a four-lane form. */
export function vectorizable(expression: Expression, lanes: LaneNames): boolean {
  const seen = new Map<Expression, boolean>();
  const visited = new Set<Expression>();
  const visit = (node: Expression): boolean => {
    if (visited.has(node) || !isLanewise(node, lanes, seen)) return node.type !== 'i64';
    visited.add(node);
    return hasVectorForm(node, (part) => !isLanewise(part, lanes, seen)) && partsOf(node).every(visit);
  };
  return visit(expression);
}

const narrowTypes: ReadonlySet<ValueType> = new Set(['f32', 'i32', 'index']);

function hasVectorForm(node: Expression, isUniform: (part: Expression) => boolean): boolean {
  if (!narrowTypes.has(node.type) || node.kind === 'load' || node.kind === 'state') return false;
  if (node.kind === 'unary') return unaryForm(node) !== undefined;
  if (node.kind !== 'binary') return true;
  if (node.left.type === 'i64') return false;
  if (shifts[node.op] !== undefined) return isUniform(node.right);
  const [ops, comparisons] = node.left.type === 'f32' ? [floatOps, floatComparisons] : [integerOps, integerComparisons];
  return ops[node.op] !== undefined || comparisons[node.op] !== undefined;
}

type UnaryForm = PlainOp | 'same' | 'round_f16' | 'round_bf16';

function unaryForm(node: Extract<Expression, { kind: 'unary' }>): UnaryForm | undefined {
  if (node.value.type === 'i64') return undefined;
  if (node.op === 'reinterpret' || node.op === 'wrap' || node.op === 'extend_s' || node.op === 'extend_u')
    return 'same';
  if (node.op === 'convert_s') return 'f32x4.convert_i32x4_s';
  if (node.op === 'trunc_sat_s') return 'i32x4.trunc_sat_f32x4_s';
  if (node.op === 'round_f16' || node.op === 'round_bf16') return node.op;
  return node.type === 'f32' ? floatOps[node.op] : integerOps[node.op];
}

/** Whether an expression reads the local of that name. */
export function mentions(root: Expression, name: string): boolean {
  const visited = new Set<Expression>();
  const visit = (node: Expression): boolean => {
    if (visited.has(node)) return false;
    visited.add(node);
    return (node.kind === 'local' && node.name === name) || partsOf(node).some(visit);
  };
  return visit(root);
}

/** How often each node is used as a part; roots are not counted. */
function countUses(root: Expression): Map<Expression, number> {
  const uses = new Map<Expression, number>();
  const visit = (node: Expression): void => {
    for (const part of partsOf(node)) {
      const before = uses.get(part) ?? 0;
      uses.set(part, before + 1);
      if (before === 0) visit(part);
    }
  };
  visit(root);
  return uses;
}

/** The code of one vector expression: what to run once, and what to run for each four lanes. */
export interface VectorCode {
  /** Splats every lane-independent part into a local. */
  readonly hoisted: Code;
  /** The four results, given the lane inputs in their v128 locals. */
  readonly value: () => Code;
}

/** Translates a vectorizable expression. `inputs` gives the v128 local of each lane local. */
export function vectorCode(scope: Scope, root: Expression, inputs: ReadonlyMap<string, Local>): VectorCode {
  const lanes: LaneNames = new Set(inputs.keys());
  const seen = new Map<Expression, boolean>();
  const uses = countUses(root);
  const uniform = new Map<Expression, Local>();
  const hoisted: Code[] = [];

  const splat = (node: Expression): Code => {
    if (node.kind === 'constant') return node.type === 'f32' ? splatF32(node.value) : splatI32(node.value);
    const known = uniform.get(node);
    if (known !== undefined) return get(known);
    const local = scope.builder.local('v128');
    uniform.set(node, local);
    hoisted.push(set(local, op(node.type === 'f32' ? 'f32x4.splat' : 'i32x4.splat', translateExpression(scope, node))));
    return get(local);
  };

  const emit = (): Code => {
    const shared = new Map<Expression, Local>();
    const value = (node: Expression): Code => {
      if (!isLanewise(node, lanes, seen)) return splat(node);
      if (node.kind === 'local') return get(inputs.get(node.name) ?? scope.builder.local('v128'));
      const known = shared.get(node);
      if (known !== undefined) return get(known);
      const code = compute(node);
      if ((uses.get(node) ?? 0) < 2) return code;
      const local = scope.builder.local('v128');
      shared.set(node, local);
      return tee(local, code);
    };
    const compute = (node: Expression): Code => {
      if (node.kind === 'select') return selectLanes(node);
      if (node.kind === 'unary') return unaryLanes(node);
      if (node.kind === 'binary') return binaryLanes(node);
      throw new Error(`a lane expression contains a ${node.kind}`);
    };
    const mask = (node: Expression): Code => {
      const comparison = comparisonOf(node);
      if (!isLanewise(node, lanes, seen) || node.kind !== 'binary') return op('i32x4.ne', value(node), splatI32(0));
      if (comparison !== undefined) return op(comparison, value(node.left), value(node.right));
      if (isTruth(node)) return op(node.op === 'and' ? 'v128.and' : 'v128.or', mask(node.left), mask(node.right));
      return op('i32x4.ne', value(node), splatI32(0));
    };
    const selectLanes = (node: Extract<Expression, { kind: 'select' }>): Code => {
      const extreme = extremeOf(node);
      if (extreme !== undefined) return op(extreme.name, value(extreme.first), value(extreme.second));
      // The mask is computed first, so that shared parts are in their locals in the order of use.
      const condition = scope.builder.local('v128');
      return seq(
        set(condition, mask(node.condition)),
        op('v128.bitselect', value(node.then), value(node.else), get(condition)),
      );
    };
    const unaryLanes = (node: Extract<Expression, { kind: 'unary' }>): Code => {
      const form = unaryForm(node);
      const operand = value(node.value);
      if (form === 'same') return operand;
      const [bits, magnitude, widened] = scope.builder.locals('v128', 3) as [Local, Local, Local];
      if (form === 'round_f16') return widenF16Lanes(narrowF16Lanes(operand, bits, magnitude), widened);
      if (form === 'round_bf16') return op('i32x4.shl', narrowBf16Lanes(operand, bits), i32(16));
      if (form === undefined) throw new Error(`'${node.op}' has no four-lane form`);
      return op(form, operand);
    };
    const binaryLanes = (node: Extract<Expression, { kind: 'binary' }>): Code => {
      const shift = shifts[node.op];
      if (shift !== undefined) return op(shift, value(node.left), translateExpression(scope, node.right));
      if (comparisonOf(node) !== undefined) return op('v128.and', mask(node), splatI32(1));
      const name = (node.left.type === 'f32' ? floatOps : integerOps)[node.op];
      if (name === undefined) throw new Error(`'${node.op}' has no four-lane form`);
      return op(name, value(node.left), value(node.right));
    };
    return value(root);
  };
  // Translate once to collect the hoisted parts; each use of the value translates again with fresh locals.
  emit();
  return { hoisted: seq(...hoisted), value: emit };
}

/** The four-lane comparison that a node is. */
function comparisonOf(node: Expression): PlainOp | undefined {
  if (node.kind !== 'binary') return undefined;
  return (node.left.type === 'f32' ? floatComparisons : integerComparisons)[node.op];
}

/** Whether a node is built of comparisons alone, so that all-ones lanes can stand for 1. */
const isTruth = (node: Expression): boolean =>
  comparisonOf(node) !== undefined ||
  (node.kind === 'binary' && (node.op === 'and' || node.op === 'or') && isTruth(node.left) && isTruth(node.right));

/** `a > b ? a : b` and its kin are single instructions: pmax(x, y) = x < y ? y : x, pmin(x, y) = y < x ? y : x. */
function extremeOf(
  node: Extract<Expression, { kind: 'select' }>,
): { name: PlainOp; first: Expression; second: Expression } | undefined {
  const condition = node.condition;
  if (node.type !== 'f32' || condition.kind !== 'binary' || condition.left.type !== 'f32') return undefined;
  if (condition.op !== 'lt' && condition.op !== 'gt') return undefined;
  const [small, large] = condition.op === 'lt' ? [condition.left, condition.right] : [condition.right, condition.left];
  if (sameTree(node.then, large) && sameTree(node.else, small))
    return { name: 'f32x4.pmax', first: small, second: large };
  if (sameTree(node.then, small) && sameTree(node.else, large))
    return { name: 'f32x4.pmin', first: large, second: small };
  return undefined;
}

const sameTree = (left: Expression, right: Expression): boolean =>
  left === right || (left.kind !== 'select' && JSON.stringify(left) === JSON.stringify(right));
