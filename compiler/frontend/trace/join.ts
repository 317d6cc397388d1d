/**
 * Joining what two branches made. A changed place (a variable, an item of a list, an entry of a dict) that holds tensors on
 * both sides becomes a result of the region op; equal Python values stay; anything else does not join.
 */
import { classOf, PyDict, PyFloat, PyList, PyTuple, type PyValue } from '../eval/index.ts';
import { realValue } from '../eval/protocol/numbers.ts';
import { Tensor } from './tensor.ts';

/** Makes the value that stands for a pair after the branches; null when there is none. */
export type JoinLeaves = (first: PyValue, second: PyValue) => Tensor | null;

/** How a value is described where two do not join. */
export function describeValue(value: PyValue | undefined): string {
  if (value === undefined) return 'not set';
  if (value === null) return 'None';
  if (value instanceof Tensor) return value.type.key;
  if (value instanceof PyTuple || value instanceof PyList)
    return `${classOf(value).name}(${value.items.map(describeValue).join(', ')})`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
    return JSON.stringify(value);
  return value instanceof PyFloat ? String(value.value) : classOf(value).name;
}

export const isSame = (first: PyValue, second: PyValue): boolean =>
  first === second || (first instanceof PyFloat && second instanceof PyFloat && Object.is(first.value, second.value));

const isLeaf = (value: PyValue): boolean => value instanceof Tensor || realValue(value) !== undefined;

/** The joined value, or undefined when the two do not join. */
export function joinValues(first: PyValue, second: PyValue, leaves: JoinLeaves): PyValue | undefined {
  if (isSame(first, second)) return first;
  if (isLeaf(first) && isLeaf(second)) return leaves(first, second) ?? undefined;
  if (first instanceof PyTuple && second instanceof PyTuple) {
    const items = joinItems(first.items, second.items, leaves);
    return items && new PyTuple(items, first.cls);
  }
  if (first instanceof PyList && second instanceof PyList) {
    const items = joinItems(first.items, second.items, leaves);
    return items && new PyList(items);
  }
  if (first instanceof PyDict && second instanceof PyDict) return joinDicts(first, second, leaves);
  return undefined;
}

function joinItems(first: readonly PyValue[], second: readonly PyValue[], leaves: JoinLeaves): PyValue[] | undefined {
  if (first.length !== second.length) return undefined;
  const items: PyValue[] = [];
  for (const [index, item] of first.entries()) {
    const joined = joinValues(item, second[index], leaves);
    if (joined === undefined) return undefined;
    items.push(joined);
  }
  return items;
}

function joinDicts(first: PyDict, second: PyDict, leaves: JoinLeaves): PyDict | undefined {
  if (first.map.size !== second.map.size) return undefined;
  const joined = new PyDict(first.cls);
  for (const [key, value] of first.map) {
    const other = second.map.get(key);
    const item = other === undefined ? undefined : joinValues(value, other, leaves);
    if (item === undefined) return undefined;
    joined.map.set(key, item);
  }
  return joined;
}
