/** Gradients of products: each is a product of the cotangent and the other operand. */
import type { Value } from '../../../ir/index.ts';
import { boolAttribute, boolOf } from '../../../ir/index.ts';
import type { Emitter, matmulOps } from '../../../ir/ops/index.ts';
import { Algebra, range } from '../algebra.ts';
import { throughParts } from '../parts.ts';
import type { GradCell, GradRule } from '../rule.ts';
import { onlyCotangent, typeOf, wanted } from '../rule.ts';

/** A matrix operand as the product reads it. */
interface Factor {
  readonly value: Value;
  readonly transposed: boolean;
}

const stored = (value: Value): Factor => ({ value, transposed: false });
const turned = ({ value, transposed }: Factor): Factor => ({ value, transposed: !transposed });

function product(emit: Emitter, lhs: Factor, rhs: Factor): Value {
  const isPlain = [lhs, rhs].every(({ value }) => typeOf(value).shape.length === 2);
  return emit.op(isPlain ? 'ms.matmul' : 'ms.batch_matmul', [lhs.value, rhs.value], {
    transpose_a: boolAttribute(lhs.transposed),
    transpose_b: boolAttribute(rhs.transposed),
  });
}

/** left · right, stored as the factor is that it is the gradient of. */
const storedLike = (emit: Emitter, factor: Factor, left: Factor, right: Factor): Value =>
  factor.transposed ? product(emit, turned(right), turned(left)) : product(emit, left, right);

/** Dimensions before the matrix as rows of one matrix. */
function asMatrix(algebra: Algebra, x: Value): Value {
  const { shape } = typeOf(x);
  const rows = shape.slice(0, -1).reduce<number>((count, extent) => count * Number(extent), 1);
  return algebra.reshape(x, [rows, shape[shape.length - 1]]);
}

const isStatic = (x: Value): boolean => typeOf(x).shape.every((extent) => typeof extent === 'number');

/** One matrix for all the rows of x: the batch joins the rows instead of being summed afterwards. */
const joinsRows = (lhs: Factor, rhs: Factor): boolean =>
  typeOf(rhs.value).shape.length === 2 && typeOf(lhs.value).shape.length > 2 && !lhs.transposed && isStatic(lhs.value);

function gradientOfLhs(algebra: Algebra, lhs: Factor, rhs: Factor, dy: Value): Value {
  const { emit } = algebra;
  if (!joinsRows(lhs, rhs)) return storedLike(emit, lhs, stored(dy), turned(rhs));
  return algebra.reshape(product(emit, stored(asMatrix(algebra, dy)), turned(rhs)), typeOf(lhs.value).shape);
}

function gradientOfRhs(algebra: Algebra, lhs: Factor, rhs: Factor, dy: Value): Value {
  const { emit } = algebra;
  if (!joinsRows(lhs, rhs)) return storedLike(emit, rhs, turned(lhs), stored(dy));
  const rows = { value: asMatrix(algebra, lhs.value), transposed: true };
  return storedLike(emit, rhs, rows, stored(asMatrix(algebra, dy)));
}

const matmul: GradRule = (request) => {
  const { emit, op } = request;
  const algebra = new Algebra(emit);
  const dy = onlyCotangent(request);
  const lhs = { value: op.operands[0], transposed: boolOf(op.attributes, 'transpose_a') };
  const rhs = { value: op.operands[1], transposed: boolOf(op.attributes, 'transpose_b') };
  return wanted(
    request,
    () => algebra.unbroadcast(gradientOfLhs(algebra, lhs, rhs, dy), typeOf(lhs.value).shape),
    () => algebra.unbroadcast(gradientOfRhs(algebra, lhs, rhs, dy), typeOf(rhs.value).shape),
  );
};

const dense: GradRule = (request) => {
  const { emit, op } = request;
  const algebra = new Algebra(emit);
  const dy = onlyCotangent(request);
  const [x, weight] = op.operands;
  const factor = { value: weight, transposed: true };
  return wanted(
    request,
    () => gradientOfLhs(algebra, stored(x), factor, dy),
    () => algebra.unbroadcast(gradientOfRhs(algebra, stored(x), factor, dy), typeOf(weight).shape),
    () => algebra.sum(dy, range(0, typeOf(dy).shape.length - 1)),
  );
};

export const matmulGradients: Readonly<Record<keyof typeof matmulOps, GradCell>> = {
  'ms.matmul': matmul,
  'ms.batch_matmul': matmul,
  'ms.dense': dense,
  'ms.attention': throughParts('ms.attention'),
};
