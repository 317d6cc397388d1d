/**
 * The costs section of a report: what every place of the program costs, as the compiler counts it (operations of the graph) and
 * as the machine does it (simulated seconds, bytes through GM). Sums over places are the totals, so that a share is a quotient.
 */

/** Costs of a set of operations. */
export interface Cost {
  /** Operations of the graph before fusion and lowering; constants and structure (returns, yields) are not counted. */
  readonly ops: number;
  /** Floating-point and integer operations; a multiply-add counts as two. */
  readonly flops: number;
  /** Bytes of operands read and results written if each op went through memory alone (no fusion). */
  readonly tensorBytes: number;
  /** Elements and bytes of the parameters that are first used here. */
  readonly parameters: number;
  readonly parameterBytes: number;
  /** Simulated seconds; kernels that run for several places are divided among them. 0 where nothing was timed. */
  readonly seconds: number;
  /** Bytes that the compiled program moves to and from global memory. 0 where nothing was timed. */
  readonly bytes: number;
}

export interface PlaceCost extends Cost {
  readonly place: number;
}

/** A Cell of the network. */
export interface CellCost {
  /** Path in the tree of attributes, e.g. layer1.0.conv1; empty for the network itself. */
  readonly path: string;
  readonly className: string;
  /** Index of the enclosing Cell in `cells`; -1 for a root. Parents stand before their children. */
  readonly parent: number;
  /** What the Cell does itself. */
  readonly own: Cost;
  /** With the Cells in it. */
  readonly total: Cost;
}

/** All operations of one name, e.g. ms.conv2d. */
export interface KindCost {
  readonly name: string;
  readonly ops: number;
  readonly flops: number;
  readonly tensorBytes: number;
}

export interface CostSection {
  readonly kind: 'costs';
  /** Whether `seconds` and `bytes` are known (the program was compiled and timed). */
  readonly timed: boolean;
  readonly total: Cost;
  /** The part of `total` that belongs to backward passes. */
  readonly backward: Cost;
  /** Multiply-adds of products, convolutions and attention: what the literature calls the MACs of a network. */
  readonly multiplyAdds: number;
  /** Each place that costs something, by number. */
  readonly places: readonly PlaceCost[];
  /** The network's Cells, parents first; places outside of all Cells count for none of them. */
  readonly cells: readonly CellCost[];
  /** Operations by name, most flops first. */
  readonly kinds: readonly KindCost[];
}
