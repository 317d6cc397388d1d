/** The simplify column: rules of every tensor op, or why there are none. */
import type { Absent } from '../../../ir/index.ts';
import { absent, isAbsent } from '../../../ir/index.ts';
import type { TensorOpName } from '../../../ir/ops/index.ts';
import type { Pattern, PatternTable } from '../../rewrite/index.ts';
import { activationRules, binaryRules, comparisonRules, unaryRules } from './elementwise.ts';
import { biasRules, convRules, matmulRules, normRules, poolRules, resizeRules } from './linear.ts';
import { pattern, splatOf } from './match.ts';
import { sumOfPieces } from './pad.ts';
import { logOfSoftmax, reduceRules } from './reduce.ts';
import { shapeRules } from './shape.ts';

const data = absent('its result depends on index values');
const stream = absent('its result depends on the random stream');

const holds = pattern('assertion that holds', (op, rewriter) => (splatOf(rewriter, op.operands[0]) === 1 ? [] : null));

/** Constants are there from the start, and nothing comes before them. */
const orderedAlready = pattern('order that holds already', (op, rewriter) => {
  const [x, ...others] = op.operands;
  if (rewriter.constantOf(x) !== null) return [x];
  const after = others.filter(
    (value, index) => value !== x && others.indexOf(value) === index && rewriter.constantOf(value) === null,
  );
  if (after.length === 0) return [x];
  return after.length < others.length ? rewriter.create(op.name, [x, ...after], [x.type]).results : null;
});

export const simplifyOps: Readonly<Record<TensorOpName, readonly Pattern[] | Absent>> = {
  'ms.constant': absent('a constant is as simple as can be'),
  'ms.iota': absent('folding makes it a constant where it is small'),
  ...unaryRules,
  'ms.log': [logOfSoftmax],
  ...activationRules,
  ...binaryRules,
  'ms.add': [...patternsOf(binaryRules['ms.add']), ...biasRules, sumOfPieces],
  ...comparisonRules,
  ...matmulRules,
  ...convRules,
  ...poolRules,
  'ms.conv2d_weight_gradient': absent('no identity is known'),
  'ms.max_pool2d_gradient': absent('no identity is known'),
  ...resizeRules,
  ...reduceRules,
  ...normRules,
  ...shapeRules,
  'ms.gather': data,
  'ms.gather_elements': data,
  'ms.gather_nd': data,
  'ms.scatter_nd': data,
  'ms.scatter_elements': data,
  'ms.one_hot': data,
  'ms.triangle': absent('folding makes it a constant where it is small'),
  'ms.sort': data,
  'ms.top_k': data,
  'ms.random_uniform': stream,
  'ms.random_normal': stream,
  'ms.dropout': stream,
  'ms.depend': [orderedAlready],
  'ms.print': absent('an effect'),
  'ms.assert': [holds],
};

function patternsOf(cell: readonly Pattern[] | Absent): readonly Pattern[] {
  return isAbsent(cell) ? [] : cell;
}

/** The rules of tensor ops as the driver takes them. */
export const tensorRules: PatternTable = new Map(
  Object.entries(simplifyOps).map(([name, cell]) => [name, patternsOf(cell)]),
);
