/** What the built-in sequences have in common. */
import {
  checkLength,
  countValue,
  hashValue,
  intValue,
  method,
  PyIterator,
  PyList,
  PyTuple,
  builtInNext,
  builtInLength,
  sequenceItem,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { comparisonMembers } from './numbers.ts';

/** What every built-in sequence has. */
export const sequenceMembers: readonly Member[] = [
  ...comparisonMembers,
  method('__hash__(self, /)', (py, [self]) => hashValue(py, self)),
  method('__len__(self, /)', (_py, [self]) => builtInLength(self) ?? 0),
  method('__iter__(self, /)', (_py, [self]) => new PyIterator(builtInNext(self) ?? ((): undefined => undefined))),
  method('__getitem__(self, key, /)', (py, [self, key]) => sequenceItem(py, self, key) ?? null),
  method('__contains__(self, item, /)', (py, [self, item]) =>
    itemsOf(py, self).some((member) => member === item || py.equal(member, item)),
  ),
];

/** The items of a built-in sequence. */
function itemsOf(py: Interpreter, sequence: PyValue): readonly PyValue[] {
  if (sequence instanceof PyList || sequence instanceof PyTuple) return sequence.items;
  const items: PyValue[] = [];
  const next = builtInNext(sequence);
  for (let item = next?.(); item !== undefined; item = next?.()) items.push(item);
  py.spend(items.length);
  return items;
}

/** Repeats items a number of times; undefined when the count is no int. */
export function repeated(py: Interpreter, items: readonly PyValue[], count: PyValue): PyValue[] | undefined {
  const int = intValue(count) ?? (py.findSpecial(count, '__index__') === undefined ? undefined : countValue(py, count));
  if (int === undefined) return undefined;
  const times = Math.max(0, Number(int));
  py.reserve(items.length * times);
  checkLength(items.length * times);
  if (items.length === 1) return new Array<PyValue>(times).fill(items[0]);
  const result: PyValue[] = [];
  for (let time = 0; time < times; time++) for (const item of items) result.push(item);
  return result;
}
