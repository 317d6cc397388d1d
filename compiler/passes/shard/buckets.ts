/**
 * Joins all_reduces of one group into one of several tensors, as long as their bytes stay below a limit: fewer, longer
 * messages. Gradients are joined where they are first needed, in the optimizer, so that most of them are known long
 * before; an all_reduce moves forward to the first of its bucket if its operand is made before that one.
 *
 * Ranks of a group have the same program but for offsets, so that they form the same buckets.
 */
import type { Attribute, AttributeMap, Block, Module, Operation, RuleTable, Type, Value } from '../../ir/index.ts';
import {
  definingOperation,
  dtypeBytes,
  elementCount,
  integerAttribute,
  integersAttribute,
  integersOf,
  Operation as Op,
  stringOf,
  tensorType,
} from '../../ir/index.ts';
import { Emitter } from '../../ir/ops/index.ts';
import { redirectOperands } from '../rewrite/index.ts';

/** Rewrites @main of a module in place. */
export function bucketReductions(module: Module, definitions: RuleTable, limitBytes: number): void {
  for (const op of module.body.operations)
    for (const region of op.regions) rewriteBlock(region, definitions, limitBytes);
}

function rewriteBlock(block: Block, definitions: RuleTable, limitBytes: number): void {
  const places = new Map(block.operations.map((op, at) => [op, at]));
  const joined = new Map<Operation, readonly Operation[]>();
  const taken = new Set<Operation>();
  block.operations.forEach((op, at) => {
    if (op.name !== 'dist.all_reduce' || taken.has(op)) return;
    const bucket = bucketOf(block, op, at, places, taken, limitBytes);
    for (const member of bucket) taken.add(member);
    if (bucket.length > 1) joined.set(op, bucket);
  });
  if (joined.size === 0) return;
  const replaced = new Map<Value, Value>();
  const members = new Set([...joined.values()].flat());
  const operations: Operation[] = [];
  for (const op of block.operations) {
    redirectOperands(op, replaced);
    const bucket = joined.get(op);
    if (bucket) emitBucket(bucket, operations, definitions, replaced);
    else if (!members.has(op)) operations.push(op);
  }
  for (const member of members) member.dropUses();
  block.operations = operations;
}

const keyOf = (op: Operation): string => {
  const { type } = op.operands[0];
  const dtype = type.kind === 'tensor' ? type.dtype : type.key;
  return `${integersOf(op.attributes, 'group').join()} ${stringOf(op.attributes, 'reduction')} ${dtype}`;
};

const bytesOf = ({ type }: Value): number =>
  type.kind === 'tensor' ? elementCount(type.shape.map(Number)) * dtypeBytes(type.dtype) : 0;

/** The operation and those behind it that may be joined with it. */
function bucketOf(
  block: Block,
  first: Operation,
  at: number,
  places: ReadonlyMap<Operation, number>,
  taken: ReadonlySet<Operation>,
  limitBytes: number,
): readonly Operation[] {
  const bucket = [first];
  let bytes = bytesOf(first.operands[0]);
  for (const op of block.operations.slice(at + 1)) {
    // Between two of them, no other communication may be overtaken that this rank might wait for.
    if (op.regions.length > 0 || op.name === 'dist.send' || op.name === 'dist.receive') break;
    if (op.name !== 'dist.all_reduce' || taken.has(op) || keyOf(op) !== keyOf(first)) continue;
    const source = definingOperation(op.operands[0]);
    if (source && (places.get(source) ?? -1) >= at) continue;
    if (bytes + bytesOf(op.operands[0]) > limitBytes) break;
    bytes += bytesOf(op.operands[0]);
    bucket.push(op);
  }
  return bucket;
}

function emitBucket(
  bucket: readonly Operation[],
  operations: Operation[],
  definitions: RuleTable,
  replaced: Map<Value, Value>,
): void {
  const [first] = bucket;
  const create = (
    name: string,
    operands: readonly Value[],
    types: readonly Type[],
    attributes: AttributeMap = NONE,
  ) => {
    const part = new Op(name, operands, types, attributes, [], first.location);
    operations.push(part);
    return part;
  };
  const emit = new Emitter({ create }, definitions);
  const sources = bucket.map((op) => replaced.get(op.operands[0]) ?? op.operands[0]);
  const flat = sources.map((source) => emit.stated('ms.reshape', [source], flattened(source.type)));
  const axis = integerAttribute(0);
  const together = emit.op('ms.concat', flat, { axis });
  const sum = emit.op('dist.all_reduce', [together], Object.fromEntries(first.attributes));
  const sizes = flat.map(({ type }) => (type.kind === 'tensor' ? Number(type.shape[0]) : 0));
  const parts = emit.all('ms.split', [sum], { axis, sizes: integersAttribute(sizes) });
  bucket.forEach(({ results: [result] }, at) => {
    const whole = emit.stated('ms.reshape', [parts[at]], result.type);
    whole.name = result.name;
    replaced.set(result, whole);
  });
}

const NONE: AttributeMap = new Map<string, Attribute>();

function flattened(type: Type): Type {
  if (type.kind !== 'tensor') throw new Error(`${type.key} is no tensor`);
  return tensorType([elementCount(type.shape.map(Number))], type.dtype);
}
