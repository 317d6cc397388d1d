/** What a function marked `@jit` prints: a part of its graph, so each run prints, one value in a line as MindSpore does. */
import { PyList, PyTuple, type PyValue } from '../eval/index.ts';
import { graphText } from '../library/mindspore/tensor-text.ts';
import { tensorsIn } from '../trace/inner.ts';
import type { TensorSession, Trace } from '../trace/session.ts';
import { Tensor } from '../trace/tensor.ts';

/** The values of one `print`. */
export type PrintCall = readonly PyValue[];

/**
 * Notes what is printed while a trace runs. Values inside of regions (branches, loops, derivatives) do not leave them: such
 * calls print while tracing, as all do for networks.
 */
export function notePrints(trace: Trace): readonly PrintCall[] {
  const calls: PrintCall[] = [];
  const outermost = trace.builder;
  trace.printed = (values) => {
    if (trace.builder !== outermost) return false;
    calls.push(values);
    return true;
  };
  return calls;
}

/** The tensors that the calls show. */
export const printedTensors = (calls: readonly PrintCall[]): readonly Tensor[] =>
  calls.flatMap((values) => values.flatMap(tensorsIn));

/** Prints for one run; `known` gives the tensor that stands for one of the trace. */
export function printCalls(
  session: TensorSession,
  calls: readonly PrintCall[],
  known: (tensor: Tensor) => Tensor,
): void {
  const lines = (value: PyValue): readonly string[] => {
    if (value instanceof Tensor) return [graphText(session, known(value))];
    const items = value instanceof PyTuple || value instanceof PyList ? value.items : null;
    if (items && tensorsIn(value).length > 0) return items.flatMap(lines);
    if (items) return [`(${items.map((item) => session.py.str(item)).join(', ')})`];
    return [session.py.str(value)];
  };
  for (const values of calls) {
    const text = values.flatMap(lines);
    session.py.host.writeOutput(`${(text.length > 0 ? text : ['']).join('\n')}\n`);
  }
}
