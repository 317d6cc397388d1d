/** What construct returned as a flat list of tensors. */
import type { Span } from '../../ir/index.ts';
import { classOf, PyDict, PyList, PyTuple, type PyValue } from '../eval/index.ts';
import { asTensor, isNumber } from '../library/mindspore/arguments.ts';
import { NdArray } from '../library/numpy/index.ts';
import { traceDiagnostics } from '../trace/diagnostics.ts';
import type { TensorSession } from '../trace/session.ts';
import { Tensor } from '../trace/tensor.ts';

/** Tensors in order; tuples, lists and values of dicts are opened; None gives nothing. */
export function flattenOutputs(session: TensorSession, value: PyValue, at: Span | null): readonly Tensor[] {
  if (value === null) return [];
  if (value instanceof Tensor) return [value];
  if (value instanceof PyTuple || value instanceof PyList)
    return value.items.flatMap((item) => flattenOutputs(session, item, at));
  if (value instanceof PyDict) return [...value.map.values()].flatMap((item) => flattenOutputs(session, item, at));
  if (isNumber(value) || value instanceof NdArray) return [asTensor(session, value, 'output')];
  return session.stop(traceDiagnostics.outputIsNoTensor, [classOf(value).name], [], at);
}
