/** The costs section: what the graph says by definition, and what the timing of the program says, by place. */
import type { Module, Operation } from '../../../../compiler/ir/index.ts';
import { costOf, matrixFlops, visitExecuted } from '../../../../compiler/passes/analysis/index.ts';
import { mainOf } from '../../../msc/parameters.ts';
import type { CostSection, KernelSection, KindCost, PlaceCost } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { cellCosts } from './cells.ts';
import { Ledger, sumOf } from './ledger.ts';
import { parametersByPlace } from './parameters.ts';

/** Ops that are no work of their own: what they give is known before the run. */
const isFree = (op: Operation): boolean => op.name === 'ms.constant';

/** Counts the graph while it is a graph: passes change it later. */
export class CostRecorder {
  readonly #places: PlaceTable;
  #byPlace = new Ledger<number>();
  #byKind = new Ledger<string>();
  #parameters: Ledger<number> | null = null;
  #multiplyAdds = 0;
  #seen = false;

  constructor(places: PlaceTable) {
    this.#places = places;
  }

  /** A module at a stage of its compilation: parameters are those of the first one, ops those of the last one that is a graph. */
  visit(stage: string, module: Module): void {
    if (stage === 'source') this.#parameters = parametersByPlace(module, this.#places);
    const main = stage === 'graph' ? mainOf(module) : null;
    if (main === null) return;
    this.#parameters ??= parametersByPlace(module, this.#places);
    [this.#byPlace, this.#byKind] = [new Ledger(), new Ledger()];
    [this.#multiplyAdds, this.#seen] = [0, true];
    visitExecuted(module, main, (op, times) => {
      const cost = isFree(op) ? null : costOf(op);
      this.#multiplyAdds += (matrixFlops(op) / 2) * times;
      if (cost === null) return;
      const counted = {
        ops: times,
        flops: cost.flops * times,
        tensorBytes: (cost.bytesRead + cost.bytesWritten) * times,
      };
      this.#byPlace.add(this.#places.number(op.location), counted);
      this.#byKind.add(op.name, counted);
    });
  }

  /** The section, with the times of the program where it was timed; null when neither a graph nor times are known. */
  finish(kernels: KernelSection | null): CostSection | null {
    if (!this.#seen && kernels === null) return null;
    const byPlace = this.#byPlace.copy();
    for (const [place, cost] of this.#parameters?.entries() ?? []) byPlace.add(place, cost);
    if (kernels !== null) addTimes(byPlace, kernels);
    const places = byPlace.entries().map(([place, cost]): PlaceCost => ({ place, ...cost }));
    return {
      kind: 'costs',
      timed: kernels !== null,
      total: sumOf(places),
      backward: sumOf(places.filter(({ place }) => this.#places.places[place].backward)),
      multiplyAdds: this.#multiplyAdds,
      places: places.toSorted((one, other) => one.place - other.place),
      cells: cellCosts(places, this.#places.places),
      kinds: this.#kinds(),
    };
  }

  #kinds(): readonly KindCost[] {
    return this.#byKind
      .entries()
      .map(([name, { ops, flops, tensorBytes }]): KindCost => ({ name, ops, flops, tensorBytes }))
      .toSorted((one, other) => other.flops - one.flops || other.tensorBytes - one.tensorBytes);
  }
}

/** Seconds as the launches tell them; bytes of a launch in the same shares. */
function addTimes(byPlace: Ledger<number>, { launches }: KernelSection): void {
  for (const { seconds: parts, hbmBytes, l2Bytes, place } of launches) {
    const all = parts.reduce((total, { seconds }) => total + seconds, 0);
    if (all === 0) byPlace.add(place, { bytes: hbmBytes + l2Bytes });
    else
      for (const { place: at, seconds } of parts)
        byPlace.add(at, { seconds, bytes: ((hbmBytes + l2Bytes) * seconds) / all });
  }
}
