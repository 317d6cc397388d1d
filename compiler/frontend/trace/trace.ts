/** The state of a function that is being traced. */
import type { Operation, Value } from '../../ir/index.ts';
import { Block, Builder } from '../../ir/index.ts';
import { opTable } from '../../ir/ops/index.ts';
import type { PyValue } from '../eval/index.ts';
import type { KnownPayload, Payload, Tensor } from './tensor.ts';

/** A function being traced. */
export interface Trace {
  /** Constants stand before everything else, where every region sees them. */
  readonly constants: Operation[];
  readonly scalars: Map<string, Value>;
  /** Parameters in the order of their first use, with the value that stands for their argument. */
  readonly parameters: Map<Tensor, Value>;
  /** Payloads of parameters before tracing, put back at its end. */
  readonly before: Map<Tensor, Payload>;
  builder: Builder;
  /** Graphs of a script: known tensors that were made before the trace and the arguments that stand for them; else constants. */
  readonly data: Map<KnownPayload, Value> | null;
  /** Known payloads made while tracing: constants also in graphs of a script. */
  readonly made: WeakSet<Payload>;
  /** Takes over what is printed while tracing, so that each run of the graph prints; false declines. */
  printed?: (values: readonly PyValue[]) => boolean;
}

/** A trace that has not seen an op yet; `data` says that tensors from outside are arguments. */
export const startTrace = (kind: 'constants' | 'data'): Trace => ({
  constants: [],
  scalars: new Map(),
  parameters: new Map(),
  before: new Map(),
  builder: new Builder(new Block(), opTable),
  data: kind === 'data' ? new Map() : null,
  made: new WeakSet(),
});
