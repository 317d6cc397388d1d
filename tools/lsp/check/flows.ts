/** Gathers which tensors each expression gave. */
import type { SeenTensors } from '../../../compiler/frontend/index.ts';
import type { SourceFile } from '../../../compiler/ir/index.ts';
import type { FileFlows, Flow } from './job.ts';

/** Cells that are named for one type. */
const MOST_CELLS = 5;

interface Kind {
  count: number;
  readonly cells: Set<string>;
}

interface Expression {
  readonly start: number;
  readonly end: number;
  readonly types: Map<string, Kind>;
}

export class FlowTable {
  readonly #pathOf: (name: string) => string;
  readonly #files = new Map<SourceFile, Map<string, Expression>>();

  constructor(pathOf: (name: string) => string) {
    this.#pathOf = pathOf;
  }

  add({ file, start, end, text, cell }: SeenTensors): void {
    const expressions = entryOf(this.#files, file, () => new Map<string, Expression>());
    const expression = entryOf(expressions, `${start}:${end}`, () => ({ start, end, types: new Map<string, Kind>() }));
    const kind = entryOf(expression.types, text, () => ({ count: 0, cells: new Set<string>() }));
    kind.count++;
    if (cell !== '' && kind.cells.size < MOST_CELLS) kind.cells.add(cell);
  }

  files(): readonly FileFlows[] {
    return [...this.#files]
      .filter(([file]) => !file.name.startsWith('<'))
      .map(([file, expressions]) => ({
        path: this.#pathOf(file.name),
        text: file.text,
        flows: [...expressions.values()]
          .map(flowOf)
          .toSorted((left, right) => left.start - right.start || left.end - right.end),
      }));
  }
}

const flowOf = ({ start, end, types }: Expression): Flow => ({
  start,
  end,
  types: [...types].map(([text, { count, cells }]) => ({ text, count, cells: [...cells] })),
});

function entryOf<Key, Entry>(map: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
