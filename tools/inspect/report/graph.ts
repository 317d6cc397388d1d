/**
 * The graph section of a report: the network at the stages worth looking at, as columns of integers. A column holds one entry for
 * each node; texts are indices into the graph's `strings`, because few of them differ. Groups nest nodes by the Cell that made them.
 */

/** What a node stands for. All but ops, inputs and outputs can be hidden. */
export const nodeKinds = ['op', 'input', 'parameter', 'constant', 'output', 'argument'] as const;
export type NodeKind = (typeof nodeKinds)[number];

/**
 * What a group stands for: the network, a function beside `@main`, a Cell, ops of one line (where there are no Cells), ops that
 * become one kernel, an op with regions, one of its regions, the new values of parameters that a training step gives.
 */
export const groupKinds = ['network', 'function', 'cell', 'line', 'fused', 'control', 'region', 'outputs'] as const;
export type GroupKind = (typeof groupKinds)[number];

export interface NodeColumns {
  /** Index into `nodeKinds`. */
  readonly kind: readonly number[];
  /** String: the op's name, e.g. ms.conv2d, or the name of the input, parameter or output. */
  readonly name: readonly number[];
  /** String: attributes as lines `name = value`; values are cut where they are long. */
  readonly attributes: readonly number[];
  readonly place: readonly number[];
  /** Index of the innermost group. */
  readonly group: readonly number[];
  /** Where the operands of each node begin in `producer` and `slot`; one entry more than there are nodes. */
  readonly operandStart: readonly number[];
  /** The node that makes each operand. */
  readonly producer: readonly number[];
  /** Which of the producer's results it is. */
  readonly slot: readonly number[];
  /** Where the results of each node begin in `resultType`; one entry more than there are nodes. */
  readonly resultStart: readonly number[];
  /** String: type of each result, e.g. tensor<1x64x56x56xf32>. */
  readonly resultType: readonly number[];
  /** Operations, a multiply-add counted as two; -1 where nobody knows. */
  readonly flops: readonly number[];
  /** Bytes of operands and results; -1 where nobody knows. */
  readonly bytes: readonly number[];
}

/** Groups; the first is the network, parents stand before their children. */
export interface GroupColumns {
  /** -1 for the network. */
  readonly parent: readonly number[];
  /** Index into `groupKinds`. */
  readonly kind: readonly number[];
  /** String: the last part of the path, e.g. conv1, or the name of the op or region. */
  readonly name: readonly number[];
  /** Which call of the Cell it is, from 1: a Cell that is called again has a group for each call. */
  readonly call: readonly number[];
  /** String: the Cell's class, or what a fused group computes; may be empty. */
  readonly title: readonly number[];
  readonly place: readonly number[];
}

/** The network at one stage. */
export interface Graph {
  /** graph, fused, …; for one rank of a cluster `sharded, rank 3`. */
  readonly stage: string;
  readonly strings: readonly string[];
  readonly nodes: NodeColumns;
  readonly groups: GroupColumns;
}

/** What happened to a node between two compilations. */
export const nodeChanges = ['same', 'added', 'removed', 'changed'] as const;
export type NodeChange = (typeof nodeChanges)[number];

/** How a stage of this compilation (the right one) differs from the same stage of another (the left one). */
export interface GraphDifference {
  readonly stage: string;
  /** Nodes of both: those of this compilation, with the removed ones of the other in between. */
  readonly union: Graph;
  /** Index into `nodeChanges` for each node of `union`. */
  readonly change: readonly number[];
  /** What changed, for each node of `union` that did, e.g. `strides: [1, 1] → [2, 2]`. */
  readonly reasons: readonly { readonly node: number; readonly texts: readonly string[] }[];
}

export interface GraphSection {
  readonly kind: 'graph';
  readonly graphs: readonly Graph[];
  /** Launches of the program and where they came from. */
  readonly launches: readonly { readonly place: number; readonly kernel: string }[];
  /** Places of ops that were made of ops of other places. */
  readonly parts: readonly { readonly place: number; readonly parts: readonly number[] }[];
  /** The comparison with another compilation; null when none was asked for. */
  readonly comparison: {
    /** The other compilation, as the user named it. */
    readonly label: string;
    readonly differences: readonly GraphDifference[];
  } | null;
}
