/** Memory-bound work of a block: neighbouring pointwise ops, norms and reductions are one kernel that reads and writes its border. */
import type { Operation, RuleTable, Value } from '../../../ir/index.ts';
import type { GraphView } from './graph-view.ts';
import { bytesOf } from './graph-view.ts';
import { productOf } from '../../analysis/index.ts';

/** A kernel that memory traffic bounds. */
export interface VectorGroup {
  readonly members: readonly number[];
  /** Values read from and written to memory. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly bytes: number;
}

const free: ReadonlySet<string> = new Set(['ms.reshape', 'ms.constant', 'ms.iota', 'ms.depend', 'ms.stop_gradient']);
const fusable: ReadonlySet<string> = new Set([
  'ms.select',
  'ms.cast',
  'ms.softmax',
  'ms.log_softmax',
  'ms.layer_norm',
  'ms.rms_norm',
  'ms.batch_norm',
  'ms.dropout',
  'ms.broadcast_to',
]);

const isFusable = (op: Operation, ops: RuleTable): boolean =>
  fusable.has(op.name) || op.name.startsWith('ms.reduce_') || ops.get(op.name)?.traits.includes('elementwise') === true;

/** The groups of the operations [begin, end) that are neither products nor in `skipped`. */
export function vectorGroups(
  view: GraphView,
  ops: RuleTable,
  range: { readonly begin: number; readonly end: number },
  skipped: ReadonlySet<number>,
  elementBytes: number,
): readonly VectorGroup[] {
  const groups = new Map<number, number[]>();
  const groupOf = new Map<number, number>();
  for (let index = range.begin; index < range.end; index += 1) {
    const op = view.operations[index];
    if (skipped.has(index) || free.has(op.name) || productOf(op) !== null) continue;
    const target = isFusable(op, ops) ? neighbour(view, op, groupOf) : null;
    const members = target === null ? [] : (groups.get(target) ?? []);
    groups.set(target ?? index, [...members, index]);
    if (isFusable(op, ops)) groupOf.set(index, target ?? index);
  }
  return [...groups.values()].map((members) => groupFrom(view, members, elementBytes));
}

/** The latest group that makes an operand; values that only change their shape are looked through. */
function neighbour(view: GraphView, op: Operation, groupOf: ReadonlyMap<number, number>): number | null {
  const found = op.operands.flatMap((operand) => {
    const made = view.madeBy.get(throughReshapes(view, operand));
    const group = made === undefined ? undefined : groupOf.get(made);
    return group === undefined ? [] : [group];
  });
  return found.length === 0 ? null : Math.max(...found);
}

/** The value that a reshape passes on. */
export function throughReshapes(view: GraphView, value: Value): Value {
  const made = view.madeBy.get(value);
  const op = made === undefined ? undefined : view.operations[made];
  return op?.name === 'ms.reshape' ? throughReshapes(view, op.operands[0]) : value;
}

function groupFrom(view: GraphView, members: readonly number[], elementBytes: number): VectorGroup {
  const inside = new Set(members);
  const inputs = new Set<Value>();
  const outputs = new Set<Value>();
  for (const index of members) {
    const op = view.operations[index];
    const slices = op.name === 'ms.slice' || op.name === 'ms.gather' || op.name === 'ms.split';
    for (const operand of slices ? [] : op.operands) {
      const value = throughReshapes(view, operand);
      if (!inside.has(view.madeBy.get(value) ?? -1)) inputs.add(value);
    }
    // What a slice or a lookup reads is as much as it writes.
    if (slices) inputs.add(op.results[0]);
    for (const result of op.results)
      if (view.outputs.has(result) || usersThroughReshapes(view, result).some((user) => !inside.has(user)))
        outputs.add(result);
  }
  const bytes = [...inputs, ...outputs].reduce((sum, value) => sum + bytesOf(value, elementBytes), 0);
  return { members, inputs: [...inputs], outputs: [...outputs], bytes };
}

/** Operations that read a value, or a reshape of it. */
export function usersThroughReshapes(view: GraphView, value: Value): readonly number[] {
  return (view.usedBy.get(value) ?? []).flatMap((user) => {
    const op = view.operations[user];
    return op.name === 'ms.reshape' ? usersThroughReshapes(view, op.results[0]) : [user];
  });
}
