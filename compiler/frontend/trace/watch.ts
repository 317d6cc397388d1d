/** What tensors flow through the user's expressions, told while a network is traced: for editors. */
import type { SourceFile } from '../../ir/index.ts';
import { PyDict, PyList, PyTuple, type Hooks, type PyValue } from '../eval/index.ts';
import { PRELUDE } from './locate.ts';
import { Tensor } from './tensor.ts';

/** Tensors that an expression gave: one, or those of a tuple, list or dict, nested ones included. */
export interface SeenTensors {
  readonly file: SourceFile;
  /** Offsets of the expression. */
  readonly start: number;
  readonly end: number;
  /** `tensor<1x6xf32>`, `(tensor<…>, tensor<…>)`. */
  readonly text: string;
  /** Path of the Cell whose construct was running, empty for the network and outside of all. */
  readonly cell: string;
}

export type TensorWatcher = (seen: SeenTensors) => void;

const DEEPEST = 3;
const MOST_ITEMS = 8;

/** The hook that tells `watch` of the tensors in the user's files; the library's own files are not watched. */
export function watchingHooks(watch: TensorWatcher, runningCell: () => string): Pick<Hooks, 'watcher'> {
  return {
    watcher: (file) => {
      if (file.name.startsWith(PRELUDE)) return null;
      return (value, start, end) => {
        const text = tensorText(value, DEEPEST);
        if (text !== null) watch({ file, start, end, text, cell: runningCell() });
      };
    },
  };
}

/** The types of the tensors in a value; null when it holds none. */
function tensorText(value: PyValue, depth: number): string | null {
  if (value instanceof Tensor) return value.type.key;
  if (depth === 0) return null;
  if (value instanceof PyTuple || value instanceof PyList) return itemsText(value.items, depth);
  return value instanceof PyDict ? itemsText([...value.map.values()], depth) : null;
}

function itemsText(items: readonly PyValue[], depth: number): string | null {
  const texts = items.slice(0, MOST_ITEMS).map((item) => tensorText(item, depth - 1));
  if (texts.every((text) => text === null)) return null;
  const rest = items.length > MOST_ITEMS ? ', …' : '';
  return `(${texts.map((text) => text ?? '_').join(', ')}${rest})`;
}
