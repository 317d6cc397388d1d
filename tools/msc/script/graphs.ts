/** The graphs of a script and how long each kept the device busy: a report shows the one that took most. */
import type { Module } from '../../../compiler/ir/index.ts';
import type { TextSource } from '../source.ts';
import { copyOf } from '../compile.ts';
import { stageText } from '../pipeline.ts';

interface WatchedGraph {
  /** As it was traced. */
  readonly module: Module;
  runs: number;
  milliseconds: number;
}

/** A graph of a script in numbers. */
export interface GraphUse {
  readonly source: TextSource;
  readonly runs: number;
  /** Graphs that the script compiled. */
  readonly graphs: number;
  /** Of the time in which the device ran graphs. */
  readonly share: number;
}

export class GraphWatch {
  readonly #graphs: WatchedGraph[] = [];

  /** Keeps a graph as it is now; the result is told each run's time. */
  add(module: Module): (milliseconds: number) => void {
    const graph: WatchedGraph = { module: copyOf(module), runs: 0, milliseconds: 0 };
    this.#graphs.push(graph);
    return (milliseconds) => {
      graph.runs++;
      graph.milliseconds += milliseconds;
    };
  }

  /** The graph that ran longest in all; null when the script ran none. */
  longest(): GraphUse | null {
    const total = this.#graphs.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const [first] = this.#graphs.toSorted((one, other) => other.milliseconds - one.milliseconds);
    if (first === undefined || first.runs === 0) return null;
    const file = { name: 'graph.mlir', text: stageText(first.module, true) };
    return {
      source: { kind: 'text', file, stage: 'source' },
      runs: first.runs,
      graphs: this.#graphs.length,
      share: total === 0 ? 0 : first.milliseconds / total,
    };
  }
}
