/** Text that two blocks share exactly when a plan of one is a plan of the other. */
import type { Operation, Value } from '../../../ir/index.ts';
import type { BlockOptions } from './graph.ts';

/** Ops with attributes, types and wiring; values are numbered as they appear, parameters and ties are told apart. */
export function structureOf(operations: readonly Operation[], options: BlockOptions): string {
  const numbers = new Map<Value, number>();
  const numberOf = (value: Value): string => {
    const known = numbers.get(value);
    if (known !== undefined) return `%${known}`;
    numbers.set(value, numbers.size);
    return `%${numbers.size - 1}:${value.type.kind === 'tensor' ? value.type.key : value.type.kind}${options.isParameter(value) ? '!' : ''}`;
  };
  const lines = operations.map(
    (op) =>
      `${op.results.map(numberOf).join(',')}=${op.name}(${op.operands.map(numberOf).join(',')})${attributesText(op)}`,
  );
  const ties = (options.ties ?? []).filter(([left, right]) => numbers.has(left) && numbers.has(right));
  return [...lines, ...ties.map(([left, right]) => `${numberOf(left)}~${numberOf(right)}`)].join('\n');
}

/** Attributes of the op itself; annotations of layouts are no part of the structure. */
function attributesText(op: Operation): string {
  const entries = [...op.attributes].filter(([name]) => !name.startsWith('dist.'));
  const text = JSON.stringify(entries, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    // Tables of constants: how they are cut depends on their type alone.
    if (ArrayBuffer.isView(value)) return value.byteLength;
    return value instanceof Map ? [...value] : value;
  });
  return entries.length === 0 ? '' : text;
}
