/**
 * Masks: `select` with the comparisons that make its condition, as one group. A condition alone has no blocked form (its
 * elements are bytes); inside a group it never reaches memory, so that gradients of ReLU stay in the layout of their maps.
 */
import type { Operation, Value } from '../../ir/index.ts';
import { Block, Operation as Op, definingOperation, fusedLocation } from '../../ir/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { missed, rule } from '../rewrite/index.ts';
import { FUSED, YIELD, isSplat } from './decompose.ts';

const READ_RELU = rule('mask that reads the result of relu');
const MASK = rule('selection with its comparisons as one group');

const CONDITIONS: ReadonlySet<string> = new Set([
  'ms.equal',
  'ms.not_equal',
  'ms.less',
  'ms.less_equal',
  'ms.greater',
  'ms.greater_equal',
  'ms.logical_and',
  'ms.logical_or',
  'ms.logical_not',
]);
/** Conditions deeper than this stay apart. */
const MOST_DEPTH = 4;

/** The greater-than-zero masks of what goes through ReLU read its result, so that nobody else needs what went in. */
export function readRelu(block: Block, observer: PassObserver | null = null): void {
  const results = new Map<Value, Value>();
  for (const op of block.operations) {
    if (op.name === 'ms.relu') results.set(op.operands[0], op.results[0]);
    const result = op.name === 'ms.greater' && isZero(op.operands[1]) ? results.get(op.operands[0]) : undefined;
    if (result) op.setOperand(0, result);
    if (result) observer?.rewritten({ rule: READ_RELU, op, made: [], values: op.results });
  }
}

function isZero(value: Value): boolean {
  const op = definingOperation(value);
  const attribute = op?.name === 'ms.constant' && isSplat(op.attributes) ? op.attributes.get('value') : undefined;
  return attribute?.kind === 'dense' && Number(attribute.data[0]) === 0;
}

/** Selects on maps as groups with their conditions; comparisons that nobody else uses go. */
export function groupMasks(block: Block, observer: PassObserver | null = null): void {
  const replaced = new Map<Value, Value>();
  const copied = new Set<Operation>();
  block.operations = block.operations.map((op) => {
    op.operands.forEach((operand, index) => {
      const other = replaced.get(operand);
      if (other) op.setOperand(index, other);
    });
    if (op.name !== 'ms.select' || !isFloatMap(op.results[0])) return op;
    const conditions = conditionsOf(op.operands[0], 0);
    if (conditions === null || conditions.length === 0) {
      observer?.remark(
        missed(MASK, op, `not all of its condition is comparisons of floats within ${MOST_DEPTH} steps`),
      );
      return op;
    }
    const group = grouped([...new Set(conditions), op]);
    observer?.rewritten({ rule: MASK, op, made: [group], values: group.results });
    for (const condition of conditions) copied.add(condition);
    replaced.set(op.results[0], group.results[0]);
    op.dropUses();
    return group;
  });
  block.operations = block.operations
    .toReversed()
    .filter((op) => {
      if (!copied.has(op) || op.results.some(({ uses }) => uses > 0)) return true;
      op.dropUses();
      return false;
    })
    .toReversed();
}

const isFloatMap = ({ type }: Value): boolean =>
  type.kind === 'tensor' &&
  type.shape.length === 4 &&
  (type.dtype === 'f32' || type.dtype === 'f16' || type.dtype === 'bf16');

/** The ops that make a condition out of floats, in order; null when something else takes part. */
function conditionsOf(value: Value, depth: number): readonly Operation[] | null {
  const op = definingOperation(value);
  if (op === null || !CONDITIONS.has(op.name) || depth > MOST_DEPTH) return null;
  if (!op.name.startsWith('ms.logical_')) return op.operands.every(isFloat) ? [op] : null;
  const parts = op.operands.map((operand) => conditionsOf(operand, depth + 1));
  return parts.some((part) => part === null) ? null : [...parts.flatMap((part) => part ?? []), op];
}

const isFloat = ({ type }: Value): boolean =>
  type.kind === 'tensor' && (type.dtype === 'f32' || type.dtype === 'f16' || type.dtype === 'bf16');

/** A group of copies of these ops, which yields the results of the last one. */
function grouped(members: readonly Operation[]): Operation {
  const body = new Block();
  const inner = new Map<Value, Value>();
  const operands: Value[] = [];
  const copy = (op: Operation): Operation => {
    const types = op.results.map((result) => result.type);
    const part = new Op(op.name, op.operands.map(inside), types, op.attributes, [], op.location);
    body.operations.push(part);
    return part;
  };
  const inside = (value: Value): Value => {
    const known = inner.get(value);
    if (known) return known;
    const maker = definingOperation(value);
    const made = maker?.name === 'ms.constant' && isSplat(maker.attributes) ? copy(maker).results[0] : argument(value);
    inner.set(value, made);
    return made;
  };
  const argument = (value: Value): Value => {
    operands.push(value);
    return body.addArgument(value.type);
  };
  for (const op of members) {
    const part = copy(op);
    op.results.forEach((result, index) => inner.set(result, part.results[index]));
  }
  const last = members[members.length - 1];
  body.operations.push(new Op(YIELD, last.results.map(inside), [], new Map(), [], last.location));
  const types = last.results.map((result) => result.type);
  const origin = fusedLocation([last, ...members].map(({ location }) => location));
  const group = new Op(FUSED, operands, types, new Map(), [body], origin);
  group.results.forEach((result, index) => (result.name = last.results[index].name));
  return group;
}
