/**
 * Operations that cannot be computed in parts as one, but can as several: softmax along a cut dimension is a maximum, a
 * sum and arithmetic, a mean is a sum and a division, a product with bias adds it once. They are taken apart only where
 * something they need whole is cut.
 */
import type { Attribute, AttributeMap, Block, Operation, RuleTable, Type, Value } from '../../ir/index.ts';
import { integersOf, isAbsent, Operation as Op, tensorType, viewOf } from '../../ir/index.ts';
import type { Decomposition } from '../../ir/ops/index.ts';
import { Emitter, isTensorOp, tensorOps } from '../../ir/ops/index.ts';
import { project } from './assignment.ts';
import type { Mesh } from './mesh.ts';
import { COLLECTIVE_REDUCTION } from './notation.ts';
import type { Propagation } from './propagate.ts';

/** A mean as a sum and one division, which is exact for integers of any count. */
const mean: Decomposition = (emit, [x], op) => {
  const { shape, dtype } = x.type.kind === 'tensor' ? x.type : tensorType([], 'f32');
  const count = integersOf(op.attributes, 'axes').reduce((product, axis) => product * Number(shape[axis]), 1);
  const sum = emit.op('ms.reduce_sum', [x], Object.fromEntries(op.attributes));
  return [emit.op('ms.div', [sum, emit.scalar(count, dtype)])];
};

const productPlusBias =
  (name: 'ms.dense' | 'ms.conv2d' | 'ms.conv2d_transpose'): Decomposition =>
  (emit, [x, weight, bias], op) => {
    const product = emit.op(name, [x, weight], Object.fromEntries(op.attributes));
    if (name === 'ms.dense') return [emit.op('ms.add', [product, bias])];
    const { shape, dtype } = bias.type.kind === 'tensor' ? bias.type : tensorType([], 'f32');
    return [emit.op('ms.add', [product, emit.stated('ms.reshape', [bias], tensorType([...shape, 1, 1], dtype))])];
  };

/** Meanings that differ from the definitions' own. */
const OWN_MEANINGS: ReadonlyMap<string, Decomposition> = new Map<string, Decomposition>([
  ['ms.reduce_mean', mean],
  ['ms.dense', productPlusBias('ms.dense')],
  ['ms.conv2d', productPlusBias('ms.conv2d')],
  ['ms.conv2d_transpose', productPlusBias('ms.conv2d_transpose')],
]);

/** Operations that are taken apart when a dimension that they need whole is cut; others gather it. */
const TAKEN_APART: ReadonlySet<string> = new Set([
  'ms.softmax',
  'ms.log_softmax',
  'ms.layer_norm',
  'ms.rms_norm',
  'ms.dense',
  'ms.conv2d',
  'ms.conv2d_transpose',
]);

/** Takes operations apart; true when there was one. */
export function takeApart(block: Block, mesh: Mesh, propagation: Propagation | null, definitions: RuleTable): boolean {
  const chosen = (op: Operation): boolean =>
    propagation === null ? op.name === 'ms.dropout' : isCut(op, mesh, propagation);
  return new Taking(definitions, chosen).block(block);
}

function isCut(op: Operation, mesh: Mesh, propagation: Propagation): boolean {
  const notation = propagation.notationOf(op);
  const assignment = propagation.assignmentOf(op);
  for (const index of assignment.keys()) {
    const role = notation.roleOf(index);
    if (role.kind === 'joined' && !(role.by in COLLECTIVE_REDUCTION)) return true;
  }
  if (!TAKEN_APART.has(op.name) || (BIASED.has(op.name) && op.operands.length < 3)) return false;
  return op.operands.some((operand, at) =>
    notation.operands[at].some((indices, dimension) =>
      project(mesh, notation, indices, propagation.homeOf(operand)[dimension]).some(
        ([index]) => notation.roleOf(index).kind === 'whole' && (!BIASED.has(op.name) || INNER.has(index)),
      ),
    ),
  );
}

/** Products that add a bias; without it their inner index may be cut, but never a window. */
const BIASED: ReadonlySet<string> = new Set(['ms.dense', 'ms.conv2d', 'ms.conv2d_transpose']);
const INNER: ReadonlySet<string> = new Set(['k', 'c']);

function meaningOf(name: string): Decomposition | null {
  const own = OWN_MEANINGS.get(name);
  if (own) return own;
  if (!isTensorOp(name)) return null;
  const { decompose } = tensorOps[name];
  return isAbsent(decompose) ? null : decompose;
}

class Taking {
  private readonly definitions: RuleTable;
  private readonly chosen: (op: Operation) => boolean;
  private readonly replaced = new Map<Value, Value>();
  private changed = false;

  constructor(definitions: RuleTable, chosen: (op: Operation) => boolean) {
    this.definitions = definitions;
    this.chosen = chosen;
  }

  block(block: Block): boolean {
    const operations: Operation[] = [];
    for (const op of block.operations) {
      op.operands.forEach((operand, at) => {
        const other = this.replaced.get(operand);
        if (other) op.setOperand(at, other);
      });
      for (const region of op.regions) this.block(region);
      const meaning = this.chosen(op) ? meaningOf(op.name) : null;
      if (meaning === null) operations.push(op);
      else this.replace(op, meaning, operations);
    }
    block.operations = operations;
    return this.changed;
  }

  private replace(op: Operation, meaning: Decomposition, operations: Operation[]): void {
    const inherited = [...op.attributes].filter(([name]) => name === 'dist.stage');
    const create = (
      name: string,
      operands: readonly Value[],
      types: readonly Type[],
      attributes: AttributeMap = NONE,
    ) => {
      const part = new Op(name, operands, types, new Map([...attributes, ...inherited]), [], op.location);
      operations.push(part);
      return part;
    };
    const results = meaning(new Emitter({ create }, this.definitions), op.operands, viewOf(op));
    op.results.forEach((result, at) => this.replaced.set(result, results[at]));
    op.dropUses();
    this.changed = true;
  }
}

const NONE: AttributeMap = new Map<string, Attribute>();
