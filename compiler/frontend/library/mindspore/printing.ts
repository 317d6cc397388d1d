/** What a graph prints is a part of it: each run prints, one value in a line as MindSpore does. */
import { asFormat } from '../../../ir/ops/index.ts';
import { stringAttribute } from '../../../ir/index.ts';
import { PyList, PyTuple, type PyValue } from '../../eval/index.ts';
import { tensorsIn } from '../../trace/inner.ts';
import type { TensorSession } from '../../trace/session.ts';
import { Tensor } from '../../trace/tensor.ts';
import { graphText } from './tensor-text.ts';

/** Puts a `print` of these values into the graph that is traced. */
export function printInGraph(session: TensorSession, values: readonly PyValue[]): void {
  const shown: Tensor[] = [];
  const tensorLine = (tensor: Tensor): string => {
    if (tensor.payload.kind === 'concrete' && !tensor.isParameter)
      return asFormat(graphText(session.known(tensor, 'printing')));
    shown.push(tensor);
    return '{}';
  };
  const lines = (value: PyValue): readonly string[] => {
    if (value instanceof Tensor) return [tensorLine(value)];
    const items = value instanceof PyTuple || value instanceof PyList ? value.items : null;
    if (items && tensorsIn(value).length > 0) return items.flatMap(lines);
    if (items) return [asFormat(`(${items.map((item) => session.py.str(item)).join(', ')})`)];
    return [asFormat(session.py.str(value))];
  };
  const format = values.flatMap(lines).join('\n');
  session.stated('ms.print', shown, [], { format: stringAttribute(format) });
}

/** Takes over what the functions of a trace print. */
export const printing =
  (session: TensorSession) =>
  (values: readonly PyValue[]): boolean => {
    printInGraph(session, values);
    return true;
  };
