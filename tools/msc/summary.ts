/** What `msc run` tells about each output. */
import { numbersOf, tensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { FileTensor } from '../formats/index.ts';
import { diagnose } from '../../compiler/ir/support/index.ts';
import type { Diagnostic } from '../../compiler/ir/support/index.ts';
import { typeText } from './data.ts';
import { cliDiagnostics } from './diagnostics.ts';

export interface OutputSummary {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** For floats of rank 2: the column of the largest element of each row. */
  readonly argmax: readonly number[] | null;
}

export function summarize(name: string, tensor: FileTensor): OutputSummary {
  const { dtype, shape } = tensor;
  const numbers = numbersOf(tensorValue(shape, dtype, tensor.data));
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (let index = 0; index < numbers.length; index++) {
    const value = numbers[index];
    // NaN, once met, stays: neither comparison holds for it.
    if (!(value >= min)) min = Number.isNaN(min) ? min : value;
    if (!(value <= max)) max = Number.isNaN(max) ? max : value;
    sum += value;
  }
  const isLogits = shape.length === 2 && shape[1] > 0 && (dtype.startsWith('f') || dtype === 'bf16');
  return {
    name,
    dtype,
    shape,
    min,
    max,
    mean: sum / numbers.length,
    argmax: isLogits ? rowMaxima(numbers, shape[0], shape[1]) : null,
  };
}

function rowMaxima(numbers: ArrayLike<number>, rows: number, columns: number): readonly number[] {
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let column = 1; column < columns; column++)
      if (numbers[row * columns + column] > numbers[row * columns + best]) best = column;
    return best;
  });
}

/** Rows of argmax that are printed; the JSON answer has them all. */
const SHOWN_ROWS = 256;

const short = (value: number): string => String(Number(value.toPrecision(7)));

export function summaryText({ name, dtype, shape, min, max, mean, argmax }: OutputSummary): string {
  const type = `${name}: ${dtype}[${shape.join(', ')}]`;
  if (shape.includes(0)) return `${type}  no elements\n`;
  const line = `${type}  min ${short(min)}  max ${short(max)}  mean ${short(mean)}\n`;
  if (argmax === null) return line;
  const rest = argmax.length > SHOWN_ROWS ? ` … (${argmax.length} rows)` : '';
  return `${line}${name} argmax: ${argmax.slice(0, SHOWN_ROWS).join(' ')}${rest}\n`;
}

export interface Accuracy {
  readonly correct: number;
  readonly total: number;
}

/** How many rows of the first logits have their largest element at the label; a diagnostic when the labels do not fit. */
export function accuracyOf(summaries: readonly OutputSummary[], label: FileTensor): Accuracy | Diagnostic {
  const labels =
    label.shape.length === 2 && label.shape[1] === 1 ? label.shape[0] : label.shape.length === 1 ? label.shape[0] : -1;
  const logits = summaries.find(({ argmax }) => argmax?.length === labels);
  if (!logits?.argmax) return diagnose(cliDiagnostics.badLabel, null, [typeText(label)]);
  const correct = logits.argmax.filter((best, row) => best === Number(label.data[row])).length;
  return { correct, total: labels };
}

export const accuracyText = ({ correct, total }: Accuracy): string =>
  `accuracy: ${correct}/${total} = ${((100 * correct) / total).toFixed(2)} %\n`;
