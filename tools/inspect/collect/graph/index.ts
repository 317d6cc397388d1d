/** Collects the graph section: the network at each stage worth looking at, and the launches it became. */
import { type Location, type Module, parseLocationText } from '../../../../compiler/ir/index.ts';
import { costOf } from '../../../../compiler/passes/analysis/index.ts';
import { launchesOf, type Program } from '../../../../runtime/program/index.ts';
import { NOWHERE, type Graph, type GraphSection } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { buildGraph, type OpCost } from './build.ts';

/** The network as it came from the source is shown only when it got no further. */
const FIRST = 'source';
const shown: ReadonlySet<string> = new Set([FIRST, 'graph', 'fused']);

/** By definition, before any fusion. */
const definedCost: OpCost = (op) => {
  const cost = costOf(op);
  return cost === null ? null : { flops: cost.flops, bytes: cost.bytesRead + cost.bytesWritten };
};

/** Sees modules while they are compiled (passes change them in place) and keeps what the page shows. */
export class GraphRecorder {
  readonly #places: PlaceTable;
  readonly #cost: OpCost;
  readonly #graphs = new Map<string, Graph>();

  constructor(places: PlaceTable, cost: OpCost = definedCost) {
    this.#places = places;
    this.#cost = cost;
  }

  /** A module that has reached a stage; a module of one rank says so by a stage such as `sharded, rank 3`. */
  visit(stage: string, module: Module): void {
    if (!shown.has(stage) && !stage.startsWith('sharded')) return;
    this.#graphs.set(stage, buildGraph(module, stage, this.#places, this.#cost));
    if (stage !== FIRST) this.#graphs.delete(FIRST);
  }

  /** Which places ops of several places have. */
  #parts(): GraphSection['parts'] {
    return this.#places.places.flatMap(({ text }, place) => {
      if (!text.startsWith('fused[')) return [];
      const parts = partsOf(parseLocationText(text)).map((location) => this.#places.number(location));
      return [{ place, parts: [...new Set(parts)].filter((part) => part !== NOWHERE) }];
    });
  }

  /** The section, or null when nothing was seen. */
  finish(program: Program | null): GraphSection | null {
    if (this.#graphs.size === 0) return null;
    return {
      kind: 'graph',
      graphs: [...this.#graphs.values()],
      launches: program === null ? [] : launchesIn(program, this.#places),
      parts: this.#parts(),
      comparison: null,
    };
  }
}

/** The locations that one is fused of, to the last. */
const partsOf = (location: Location): readonly Location[] =>
  location?.kind === 'fused' ? location.locations.flatMap(partsOf) : [location];

function launchesIn(program: Program, places: PlaceTable): GraphSection['launches'] {
  const seen = new Set<string>();
  return launchesOf([...program.prepare, ...program.main]).flatMap(({ kernel, location }) => {
    const text = location === undefined ? undefined : program.locations[location];
    const row = {
      place: text === undefined ? NOWHERE : places.numberOfText(text),
      kernel: program.kernels[kernel].name,
    };
    const key = `${row.place} ${row.kernel}`;
    if (row.place === NOWHERE || seen.has(key)) return [];
    seen.add(key);
    return [row];
  });
}
